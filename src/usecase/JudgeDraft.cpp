#include "src/usecase/JudgeDraft.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Authorisation.h"
#include "src/channel/Update.h"
#include "src/policy/Outage.h"
#include "src/usecase/ConfigChanges.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

// Fabric's nodes take gRPC messages up to 100 MiB; a block needs room beside its largest envelope.
constexpr std::uint64_t kMaxBatchBytes = 49U << 20;
constexpr std::uint64_t kMaxBatchMessages = 10'000;
constexpr absl::Duration kMaxBatchTimeout = absl::Minutes(5);

std::string signerBytesOf(BytesView header) {
    const auto parsed = wire::parse<::common::SignatureHeader>(header, "signature_header");
    return parsed.ok() ? parsed->creator() : std::string();
}

/// Other administrators of an organisation that has signed already add nothing to a majority.
void tellRepeatedOrganisations(DraftStanding& standing) {
    std::map<MspId, std::size_t> count;
    for (const DraftSigner& signer : standing.signers)
        if (signer.counts) ++count[signer.mspId];
    for (DraftNeed& need : standing.needs) {
        if (need.satisfied) continue;
        for (const auto& [mspId, times] : count)
            if (times > 1)
                need.sentence += fmt::format("; {} signatures of {} count for one organisation",
                                             times, mspId.str());
    }
}

std::vector<DraftNeed> needsOf(const channel::UpdateVerdict& verdict,
                               const channel::Bundle& against,
                               const ::common::ConfigUpdate& update) {
    std::map<std::string, std::string> texts;
    for (const RequiredAgreement& agreement : agreementsFor(update, against.config()))
        texts[agreement.policy] = agreement.text;
    std::map<std::string, DraftNeed> needs;
    for (const channel::ElementVerdict& element : verdict.elements) {
        if (element.isNew) continue;
        DraftNeed& need = needs[element.policy];
        need.policy = element.policy;
        need.text = texts[element.policy];
        need.elements.push_back(element.path);
        need.have = element.explanation.have;
        need.needed = element.explanation.needed;
        need.satisfied = element.explanation.satisfied;
        need.sentence = policy::toSentence(element.explanation);
        // The policy is named beside it.
        if (const std::string prefix = element.policy + ": "; need.sentence.starts_with(prefix))
            need.sentence.erase(0, prefix.size());
        need.missing = policy::missingOf(element.explanation);
    }
    std::vector<DraftNeed> rows;
    for (auto& [path, need] : needs) rows.push_back(std::move(need));
    return rows;
}

void addSigners(DraftStanding& standing, const ConfigDraft& draft,
                const policy::VerifiedSignatures& verified) {
    IdentityNames names;
    for (const auto& verdict : verified.verdicts) {
        if (verdict.index >= draft.signatures.size()) continue;
        const IdentityName& name = names.of(signerBytesOf(draft.signatures[verdict.index].header));
        DraftSigner signer{
            .name = printable(fmt::format("{} ({})", name.commonName, name.mspId.str())),
            .mspId = name.mspId,
            .counts = verdict.accepted,
            .why = {}};
        if (verdict.duplicate)
            signer.why = "has signed before; that counts once";
        else if (!verdict.accepted)
            signer.why = reasonOf(verdict.why) == "BAD_SIGNATURE"
                             ? "signed other bytes than these"
                             : std::string(messageOf(verdict.why));
        standing.signers.push_back(std::move(signer));
    }
}

void addRejections(DraftStanding& standing, const ConfigDraft& draft,
                   const channel::Bundle& against) {
    IdentityNames names;
    for (const DraftRejection& rejection : draft.rejections) {
        const std::string creator = signerBytesOf(rejection.header);
        const IdentityName& name = names.of(creator);
        const Bytes message =
            rejection.header + DraftRejection::messageOf(draft.update, rejection.reason);
        const policy::SignedData data{message, creator, rejection.signature};
        const auto verified = policy::verifySignatures({&data, 1}, *against.msps());
        standing.rejections.push_back(
            {.name = printable(fmt::format("{} ({})", name.commonName, name.mspId.str())),
             .mspId = name.mspId,
             .reason = printable(rejection.reason),
             .genuine = verified.verdicts.front().accepted});
    }
}

void lookForLockedPolicies(std::vector<DraftDanger>& dangers, const channel::Bundle& current,
                           const channel::Bundle& proposed) {
    const auto isMember = [](const channel::Bundle& bundle) {
        return [&bundle](const MspId& mspId) { return bundle.msps()->find(mspId) != nullptr; };
    };
    for (const std::string& path : proposed.policies().paths()) {
        const std::string name = path.substr(path.rfind('/') + 1);
        if (name != "Admins" && name != "LifecycleEndorsement") continue;
        const auto policy = proposed.policies().find(path);
        if (policy->canBeSatisfiedBy(isMember(proposed))) continue;
        const auto before = current.policies().find(path);
        if (before && !before->canBeSatisfiedBy(isMember(current))) continue;  // nothing new
        dangers.push_back(
            {"LOCKED_ADMINS",
             fmt::format("nobody could satisfy {} any more, so what it rules could never be "
                         "changed again",
                         path)});
    }
}

void lookForLargeBatches(std::vector<DraftDanger>& dangers, const channel::Bundle& current,
                         const channel::Bundle& proposed) {
    if (!proposed.orderer()) return;
    const auto& after = *proposed.orderer();
    const auto* before = current.orderer();
    const auto tell = [&](std::string sentence) {
        dangers.push_back({"UNBOUNDED_BATCH", std::move(sentence)});
    };
    if (after.batchSize.absoluteMaxBytes > kMaxBatchBytes &&
        (!before || before->batchSize.absoluteMaxBytes != after.batchSize.absoluteMaxBytes))
        tell(
            fmt::format("a transaction of {} bytes would be taken; nodes move messages of at most "
                        "100 MiB, and blocks above 49 MiB may not reach everybody",
                        after.batchSize.absoluteMaxBytes));
    if (after.batchSize.preferredMaxBytes > kMaxBatchBytes &&
        (!before || before->batchSize.preferredMaxBytes != after.batchSize.preferredMaxBytes))
        tell(
            fmt::format("blocks of {} bytes would be cut; above 49 MiB they may not reach "
                        "everybody",
                        after.batchSize.preferredMaxBytes));
    if (after.batchSize.maxMessages > kMaxBatchMessages &&
        (!before || before->batchSize.maxMessages != after.batchSize.maxMessages))
        tell(fmt::format("a block could hold {} transactions; peers need long for more than {}",
                         after.batchSize.maxMessages, kMaxBatchMessages));
    if (after.batchTimeout > kMaxBatchTimeout &&
        (!before || before->batchTimeout != after.batchTimeout))
        tell(fmt::format("a lone transaction would wait {} for its block",
                         absl::FormatDuration(after.batchTimeout)));
}

/// How many consenters may be down.
std::size_t tolerated(const channel::Bundle& bundle) {
    const std::size_t count = bundle.consenters().size();
    if (count == 0) return 0;
    return bundle.consensusType() == "BFT" ? (count - 1) / 3 : (count - 1) / 2;
}

void lookForSmallerQuorum(std::vector<DraftDanger>& dangers, const channel::Bundle& current,
                          const channel::Bundle& proposed) {
    if (!current.orderer() || !proposed.orderer()) return;
    if (proposed.consenters().size() >= current.consenters().size() &&
        tolerated(proposed) >= tolerated(current))
        return;
    if (tolerated(proposed) >= tolerated(current)) return;
    dangers.push_back(
        {"SMALLER_QUORUM",
         fmt::format("{} consenters would be left of {}: the channel would stop when {} of them "
                     "fail, not {}",
                     proposed.consenters().size(), current.consenters().size(),
                     tolerated(proposed) + 1, tolerated(current) + 1)});
}

}  // namespace

std::string overrideOf(const DraftDanger& danger) {
    std::string name;
    for (const char c : danger.id) name += c == '_' ? '-' : char(std::tolower(c));
    return name;
}

const std::vector<std::string>& dangerOverrides() {
    static const std::vector<std::string> all{"locked-admins", "unbounded-batch", "smaller-quorum"};
    return all;
}

std::vector<DraftDanger> dangersOf(const channel::Bundle& current,
                                   const channel::Bundle& proposed) {
    std::vector<DraftDanger> dangers;
    lookForLockedPolicies(dangers, current, proposed);
    lookForLargeBatches(dangers, current, proposed);
    lookForSmallerQuorum(dangers, current, proposed);
    return dangers;
}

Result<DraftStanding> JudgeDraft::run(const ConfigDraft& draft, const channel::Bundle& against,
                                      absl::Time now) const {
    ASSIGN_OR_RETURN(const auto envelope,
                     wire::parse<::common::ConfigUpdateEnvelope>(draft.envelope(), "draft"));
    ASSIGN_OR_RETURN(const auto verdict, channel::judgeUpdate(against, envelope));
    ASSIGN_OR_RETURN(const auto update, channel::decodeConfigUpdate(draft.update));
    ConfigDraft moved = draft;
    moved.baseConfig = wire::serialize(against.config());
    ASSIGN_OR_RETURN(const Bytes target, draftTarget(moved));
    ASSIGN_OR_RETURN(const auto after, wire::parse<::common::Config>(target, "target"));
    ASSIGN_OR_RETURN(const auto proposed,
                     channel::Bundle::fromConfig(draft.channel, after, &against));
    RETURN_IF_ERROR(channel::checkSuccession(against, *proposed));
    RETURN_IF_ERROR(channel::checkOrdererRules(against, *proposed));
    DraftStanding standing;
    standing.changes = tellConfigChange(&against.config(), after);
    standing.needs = needsOf(verdict, against, update);
    addSigners(standing, draft, verdict.signatures);
    addRejections(standing, draft, against);
    tellRepeatedOrganisations(standing);
    standing.dangers = dangersOf(against, *proposed);
    standing.expired = draft.expires && *draft.expires <= now;
    standing.authorised = verdict.authorised;
    return standing;
}

Status checkDangers(const std::vector<DraftDanger>& dangers, const std::set<std::string>& allowed) {
    for (const DraftDanger& danger : dangers)
        if (!allowed.contains(overrideOf(danger)))
            return makeError(StatusCode::kFailedPrecondition, "DRAFT_DANGEROUS", danger.sentence,
                             {{"danger", danger.id}, {"override", overrideOf(danger)}});
    return absl::OkStatus();
}

Status checkSendable(const DraftStanding& standing, const DraftPermissions& permissions) {
    if (standing.expired)
        return makeError(StatusCode::kFailedPrecondition, "DRAFT_EXPIRED",
                         "the time within which the draft was to be agreed on is over");
    if (!permissions.despiteRejections)
        for (const DraftNo& no : standing.rejections)
            if (no.genuine)
                return makeError(StatusCode::kFailedPrecondition, "DRAFT_REJECTED",
                                 fmt::format("{} has rejected it: {}", no.name, no.reason),
                                 {{"name", no.name}, {"why", no.reason}});
    RETURN_IF_ERROR(checkDangers(standing.dangers, permissions.dangers));
    if (standing.authorised) return absl::OkStatus();
    std::string ignored;
    for (const DraftSigner& signer : standing.signers)
        if (!signer.counts)
            ignored += fmt::format("{}{} {}", ignored.empty() ? "" : "; ", signer.name, signer.why);
    for (const DraftNeed& need : standing.needs) {
        if (need.satisfied) continue;
        std::string sentence = fmt::format("{}: {}", need.policy, need.sentence);
        if (!ignored.empty()) sentence += "; " + ignored;
        return makeError(StatusCode::kPermissionDenied, "DRAFT_NOT_SIGNED", sentence,
                         {{"policy", need.policy},
                          {"have", std::to_string(need.have)},
                          {"needed", std::to_string(need.needed)},
                          {"missing", need.missing},
                          {"rejected", ignored}});
    }
    return absl::InternalError("a draft that is not authorised has no unmet policy");
}

}  // namespace chancery::usecase
