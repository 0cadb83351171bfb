#include "src/usecase/ComputeConfigUpdate.h"

#include "fabric/common/configtx.pb.h"
#include "src/channel/ConfigJson.h"
#include "src/channel/ConfigMap.h"
#include "src/channel/Elements.h"
#include "src/channel/Update.h"
#include "src/usecase/ConfigFile.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

/// Elements that the update writes anew: in the write set with another version than in the read
/// set.
Result<std::vector<std::string>> changedBy(const ::common::ConfigUpdate& update) {
    ASSIGN_OR_RETURN(const channel::ConfigMap reads, channel::flatten(update.read_set()));
    ASSIGN_OR_RETURN(const channel::ConfigMap writes, channel::flatten(update.write_set()));
    std::vector<std::string> changed;
    for (const auto& [key, element] : writes) {
        const auto read = reads.find(key);
        if (read == reads.end() || read->second.version() != element.version())
            changed.push_back(channel::printKey(key));
    }
    return changed;
}

}  // namespace

Result<ConfigUpdateResult> ComputeConfigUpdate::run(const ChannelId& channel,
                                                    const std::filesystem::path& original,
                                                    const std::filesystem::path& updated) const {
    RETURN_IF_ERROR(channel::checkChannelName(channel));
    ASSIGN_OR_RETURN(const ConfigFile from, readWholeConfig(original));
    ASSIGN_OR_RETURN(const ConfigFile to, readWholeConfig(updated));
    ASSIGN_OR_RETURN(const ::common::ConfigUpdate update,
                     channel::computeUpdate(channel, *from.config, *to.config));
    ConfigUpdateResult result{.bytes = wire::serialize(update)};
    ASSIGN_OR_RETURN(result.json, channel::toJson(update));
    ASSIGN_OR_RETURN(result.changedElements, changedBy(update));
    return result;
}

}  // namespace chancery::usecase
