#include "src/usecase/InspectChannel.h"

#include <future>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/ledger.pb.h"
#include "src/protocol/Block.h"
#include "src/usecase/DescribeConfig.h"
#include "src/usecase/JoinChannel.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

Result<std::uint64_t> heightOfPeer(const TransactionContext& context, const ChannelId& channel,
                                   const interfaces::NodeAddress& peer, Deadline deadline) {
    ASSIGN_OR_RETURN(
        const Bytes bytes,
        EvaluateTransaction().run(context, {.call = {.channel = channel,
                                                     .contract = "qscc",
                                                     .args = {"GetChainInfo", channel.str()}},
                                            .peer = peer,
                                            .deadline = deadline}));
    ASSIGN_OR_RETURN(const auto info, wire::parse<::common::BlockchainInfo>(bytes, "chain info"));
    return info.height();
}

Result<std::uint64_t> heightOfOrderer(const TransactionContext& context, const ChannelId& channel,
                                      const interfaces::NodeAddress& orderer, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto delivery, context.connector.ordererDelivery(orderer));
    ASSIGN_OR_RETURN(const Bytes bytes,
                     ReadChannel().block(context, *delivery, channel, std::nullopt, deadline));
    ASSIGN_OR_RETURN(const auto block, protocol::Block::parse(bytes));
    return block.number() + 1;
}

}  // namespace

std::vector<ChannelNode> InspectChannel::nodes(const TransactionContext& context,
                                               const ChannelId& channel,
                                               const std::vector<interfaces::NodeAddress>& orderers,
                                               const std::vector<interfaces::NodeAddress>& peers,
                                               Deadline deadline) {
    std::vector<std::future<ChannelNode>> asked;
    const auto ask = [&](const interfaces::NodeAddress& address, bool isOrderer) {
        asked.push_back(
            std::async(std::launch::async, [&context, &channel, address, isOrderer, deadline] {
                ChannelNode node{.name = address.name,
                                 .endpoint = address.endpoint,
                                 .isOrderer = isOrderer,
                                 .height = std::nullopt,
                                 .problem = {},
                                 .reason = {}};
                const auto height = isOrderer ? heightOfOrderer(context, channel, address, deadline)
                                              : heightOfPeer(context, channel, address, deadline);
                if (height.ok()) {
                    node.height = *height;
                } else {
                    node.problem = std::string(messageOf(height.status()));
                    node.reason = reasonOf(height.status());
                }
                return node;
            }));
    };
    for (const auto& orderer : orderers) ask(orderer, true);
    for (const auto& peer : peers) ask(peer, false);
    std::vector<ChannelNode> all;
    for (auto& one : asked) all.push_back(one.get());
    return all;
}

Result<ChannelInspection> InspectChannel::run(const TransactionContext& context,
                                              const ChannelId& channel,
                                              const std::vector<interfaces::NodeAddress>& orderers,
                                              const std::vector<interfaces::NodeAddress>& peers,
                                              Deadline deadline) const {
    ChannelInspection inspection;
    inspection.channel = channel;
    ASSIGN_OR_RETURN(inspection.newest, newestConfig(context, channel, orderers, peers, deadline));
    inspection.config = describeConfig(*inspection.newest.file.config);
    inspection.config.channel = channel.str();
    inspection.config.block = inspection.newest.number;
    inspection.nodes = nodes(context, channel, orderers, peers, deadline);
    return inspection;
}

}  // namespace chancery::usecase
