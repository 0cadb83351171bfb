#include "src/usecase/CompareConfigs.h"

#include "fabric/common/configtx.pb.h"
#include "src/channel/Difference.h"
#include "src/channel/Update.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/ConfigFile.h"

namespace chancery::usecase {

Result<ConfigComparison> CompareConfigs::run(const std::filesystem::path& before,
                                             const std::filesystem::path& after) const {
    ASSIGN_OR_RETURN(const ConfigFile from, readWholeConfig(before));
    ASSIGN_OR_RETURN(const ConfigFile to, readWholeConfig(after));
    ASSIGN_OR_RETURN(const auto changes,
                     channel::difference(from.config->channel_group(), to.config->channel_group()));
    ConfigComparison comparison{.changes = describe(changes)};
    const ChannelId channel = from.channel.empty() ? ChannelId("channel") : from.channel;
    if (const auto update = channel::computeUpdate(channel, *from.config, *to.config); update.ok())
        comparison.agreements = agreementsFor(*update, *from.config);
    return comparison;
}

}  // namespace chancery::usecase
