#include "src/usecase/NewestConfig.h"

#include "fabric/common/configtx.pb.h"
#include "src/usecase/JoinChannel.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

Result<NewestConfig> newestOf(const TransactionContext& context, const ChannelId& channel,
                              const interfaces::NodeAddress& node, bool orderer,
                              Deadline deadline) {
    ASSIGN_OR_RETURN(const auto delivery, orderer ? context.connector.ordererDelivery(node)
                                                  : context.connector.peerDelivery(node));
    NewestConfig newest;
    ASSIGN_OR_RETURN(newest.block,
                     ReadChannel().configBlock(context, *delivery, channel, deadline));
    ASSIGN_OR_RETURN(newest.file, readConfig(newest.block, node.name));
    if (!newest.file.config || !newest.file.block)
        return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                         node.name + " gives a block without a configuration");
    newest.number = *newest.file.block;
    newest.config = wire::serialize(*newest.file.config);
    newest.source = node.name;
    return newest;
}

}  // namespace

Result<NewestConfig> newestConfig(const TransactionContext& context, const ChannelId& channel,
                                  const std::vector<interfaces::NodeAddress>& orderers,
                                  const std::vector<interfaces::NodeAddress>& peers,
                                  Deadline deadline) {
    Result<NewestConfig> newest =
        makeError(StatusCode::kNotFound, "NO_NODE", "there is no orderer and no peer to be asked");
    for (const bool orderer : {true, false})
        for (const auto& node : orderer ? orderers : peers) {
            newest = newestOf(context, channel, node, orderer, deadline);
            if (newest.ok()) return newest;
            newest = withContext(newest.status(), node.name);
        }
    return newest;
}

}  // namespace chancery::usecase
