#include "src/usecase/JoinChannel.h"

#include "fabric/peer/query.pb.h"
#include "src/protocol/Block.h"
#include "src/usecase/SignedRequests.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {

Result<interfaces::OrdererChannel> JoinChannel::joinOrderer(
    interfaces::Connector& connector, const JoinOrdererRequest& request) const {
    ASSIGN_OR_RETURN(const auto orderer,
                     connector.participation(request.participation, request.admin));
    return orderer->join(request.block, request.deadline);
}

Status JoinChannel::joinPeer(const TransactionContext& context,
                             const JoinPeerRequest& request) const {
    return EvaluateTransaction()
        .run(context, {.call = {.channel = {},
                                .contract = "cscc",
                                .args = {"JoinChain", request.block},
                                .transient = {},
                                .isInit = false,
                                .asConfig = true},
                       .peer = request.peer,
                       .deadline = request.deadline,
                       .stop = request.stop})
        .status();
}

Result<std::vector<ChannelId>> ReadChannel::ofPeer(const TransactionContext& context,
                                                   const interfaces::NodeAddress& peer,
                                                   Deadline deadline) const {
    ASSIGN_OR_RETURN(
        const Bytes bytes,
        EvaluateTransaction().run(
            context, {.call = {.channel = {}, .contract = "cscc", .args = {"GetChannels"}},
                      .peer = peer,
                      .deadline = deadline}));
    ASSIGN_OR_RETURN(const auto answer,
                     wire::parse<::protos::ChannelQueryResponse>(bytes, "channels"));
    std::vector<ChannelId> channels;
    for (const auto& channel : answer.channels()) channels.emplace_back(channel.channel_id());
    return channels;
}

Result<Bytes> ReadChannel::block(const TransactionContext& context, interfaces::Delivery& from,
                                 const ChannelId& channel, std::optional<BlockNumber> number,
                                 Deadline deadline) const {
    ASSIGN_OR_RETURN(
        const Bytes seek,
        signSeek(context, channel, {.start = number, .stop = number, .failIfNotReady = true}));
    ASSIGN_OR_RETURN(const auto stream, from.blocks(seek, deadline));
    ASSIGN_OR_RETURN(auto block, stream->next());
    if (!block)
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "the node gives no such block");
    return *std::move(block);
}

Result<Bytes> ReadChannel::configBlock(const TransactionContext& context,
                                       interfaces::Delivery& from, const ChannelId& channel,
                                       Deadline deadline) const {
    ASSIGN_OR_RETURN(Bytes newest, block(context, from, channel, std::nullopt, deadline));
    ASSIGN_OR_RETURN(const auto parsed, protocol::Block::parse(newest));
    ASSIGN_OR_RETURN(const BlockNumber last, parsed.lastConfig());
    if (last == parsed.number()) return newest;
    return block(context, from, channel, last, deadline);
}

}  // namespace chancery::usecase
