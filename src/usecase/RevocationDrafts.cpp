#include "src/usecase/RevocationDrafts.h"

#include "src/identity/Crl.h"

namespace chancery::usecase {
namespace {

using RevocationOutcome = ChannelRevocation::Outcome;

ChannelRevocation draftFor(const MspId& mspId, BytesView crl, const ConfigFile& config) {
    ChannelRevocation row{.channel = config.channel};
    const auto drafts = CertificateDrafts::of(config);
    if (!drafts.ok()) {
        row.problem = drafts.status();
        return row;
    }
    auto draft = drafts->revocation(mspId, crl);
    if (draft.ok()) {
        row.outcome = RevocationOutcome::Drafted;
        row.draft = *std::move(draft);
        return row;
    }
    const std::string reason = reasonOf(draft.status());
    if (reason == "NO_DIFFERENCE")
        row.outcome = RevocationOutcome::Present;
    else if (reason == "NO_SUCH_MSP")
        row.outcome = RevocationOutcome::NotMember;
    else
        row.problem = draft.status();
    return row;
}

}  // namespace

std::string_view nameOf(RevocationOutcome outcome) {
    switch (outcome) {
        case RevocationOutcome::Drafted:
            return "drafted";
        case RevocationOutcome::Present:
            return "present";
        case RevocationOutcome::NotMember:
            return "not_member";
        case RevocationOutcome::Failed:
            return "failed";
    }
    return "";
}

Result<std::vector<ChannelRevocation>> RevocationDrafts::run(
    const MspId& mspId, BytesView crl, const std::vector<Result<ConfigFile>>& configs,
    const std::vector<std::string>& places) const {
    RETURN_IF_ERROR(identity::RevocationList::fromBytes(crl).status());
    std::vector<ChannelRevocation> rows;
    for (std::size_t i = 0; i < configs.size(); ++i) {
        if (configs[i].ok())
            rows.push_back(draftFor(mspId, crl, *configs[i]));
        else
            rows.push_back({.problem = configs[i].status()});
        if (i < places.size()) rows.back().place = places[i];
    }
    return rows;
}

}  // namespace chancery::usecase
