#include "src/usecase/DraftFiles.h"

#include "fabric/common/configtx.pb.h"
#include "src/base/File.h"
#include "src/channel/Signing.h"
#include "src/usecase/ConfigChanges.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

Status checkBase(const ConfigFile& base) {
    if (!base.config)
        return makeError(StatusCode::kInvalidArgument, "NO_CONFIG",
                         "the file holds no whole configuration");
    if (base.channel.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_CHANNEL_NAME",
                         "the file does not say of which channel it is; take a config block");
    return absl::OkStatus();
}

}  // namespace

Bytes configBytesOf(const ConfigFile& file) {
    return file.config ? wire::serialize(*file.config) : Bytes();
}

Result<ConfigDraft> draftOfEdits(const ConfigFile& base, const ConfigEdits& edits) {
    RETURN_IF_ERROR(checkBase(base));
    const Bytes before = configBytesOf(base);
    ASSIGN_OR_RETURN(const Bytes after, editConfig(before, edits));
    return makeDraft(base.channel, before, after);
}

Result<ConfigDraft> draftOfFile(const ConfigFile& base, const std::filesystem::path& edited) {
    RETURN_IF_ERROR(checkBase(base));
    ASSIGN_OR_RETURN(const ConfigFile file, readConfigFile(edited));
    const Bytes before = configBytesOf(base);
    if (file.config) return makeDraft(base.channel, before, configBytesOf(file));
    if (!file.update)
        return makeError(StatusCode::kInvalidArgument, "NO_CONFIG",
                         "the file holds neither a configuration nor an update");
    ConfigDraft draft;
    draft.channel = base.channel;
    draft.baseSequence = base.config->sequence();
    draft.baseConfig = before;
    // An update that stands alone has the file's own bytes; in an envelope merging finds them.
    draft.update =
        file.messageName == "common.ConfigUpdate" ? file.bytes : wire::serialize(*file.update);
    ASSIGN_OR_RETURN(const Bytes target, draftTarget(draft));
    RETURN_IF_ERROR(makeDraft(base.channel, before, target).status());
    if (file.messageName != "common.ConfigUpdate") {
        ASSIGN_OR_RETURN(const Bytes bytes, readFile(edited));
        RETURN_IF_ERROR(mergeDraft(draft, bytes, edited.filename().string()).status());
    }
    return draft;
}

Result<std::vector<ConfigChange>> changesOf(const ConfigDraft& draft) {
    ASSIGN_OR_RETURN(const Bytes target, draftTarget(draft));
    ASSIGN_OR_RETURN(const auto before, wire::parse<::common::Config>(draft.baseConfig, "base"));
    ASSIGN_OR_RETURN(const auto after, wire::parse<::common::Config>(target, "target"));
    return tellConfigChange(&before, after);
}

Result<MajorityChange> majorityOf(const ConfigDraft& draft) {
    const auto majority = [](const channel::Bundle& bundle) {
        const auto policy = bundle.policies().find("/Channel/Application/Admins");
        if (!policy) return Majority{};
        const policy::Explanation explanation = policy->explain({});
        return Majority{explanation.needed, explanation.parts.size()};
    };
    MajorityChange change;
    ASSIGN_OR_RETURN(const auto base, draft.base());
    change.before = majority(*base);
    ASSIGN_OR_RETURN(const Bytes target, draftTarget(draft));
    ASSIGN_OR_RETURN(const auto after, wire::parse<::common::Config>(target, "target"));
    ASSIGN_OR_RETURN(const auto proposed,
                     channel::Bundle::fromConfig(draft.channel, after, base.get()));
    change.after = majority(*proposed);
    return change;
}

}  // namespace chancery::usecase
