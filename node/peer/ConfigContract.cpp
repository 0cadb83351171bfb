#include "node/peer/ConfigContract.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/peer/query.pb.h"
#include "node/peer/PeerChannelAdmin.h"
#include "src/base/Encoding.h"
#include "src/protocol/Block.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::size_t kShown = 256;

std::string shown(BytesView text) {
    return printable(text, kShown);
}

}  // namespace

ContractResponse contractError(std::string message) {
    return {500, std::move(message), {}};
}
ContractResponse contractSuccess(Bytes payload) {
    return {200, {}, std::move(payload)};
}

ContractResponse ConfigContract::invoke(const SystemCall& call) {
    const auto& args = call.args;
    if (args.empty()) return contractError("Incorrect number of arguments, 0");
    const std::string_view function = args[0];
    if (function != "GetChannels" && function != "JoinBySnapshotStatus" && args.size() < 2)
        return contractError(fmt::format("Incorrect number of arguments, {}", args.size()));
    if (call.fromContract)
        return contractError(
            fmt::format("Rejecting invoke of CSCC from another chaincode, original invocation for "
                        "'{}'",
                        shown(call.proposal->chaincode)));
    if (function == "JoinChain") return joinChain(call);
    if (function == "JoinChainBySnapshot") return joinBySnapshot(call);
    if (function == "JoinBySnapshotStatus") return snapshotStatus(call);
    if (function == "GetChannels") return channels(call);
    if (function == "GetConfigBlock") return configBlock(call);
    if (function == "GetChannelConfig") return channelConfig(call);
    return contractError(fmt::format("Requested function {} not found.", shown(function)));
}

ContractResponse ConfigContract::joinChain(const SystemCall& call) {
    const auto block = protocol::Block::parse(Bytes(call.args[1]));
    if (!block.ok())
        return contractError(
            fmt::format("Failed to reconstruct the genesis block, {}", messageOf(block.status())));
    if (block->transactionCount() == 0 || !block->transaction(0).payload.hasHeader)
        return contractError(
            "\"JoinChain\" request failed to extract channel id from the block due to [block "
            "holds no channel header]");
    const protocol::Transaction first = block->transaction(0);
    const std::string channel = shown(first.channelHeader.channelId);
    const auto refused = [&](std::string_view why) {
        return contractError(
            fmt::format("\"JoinChain\" for channelID = {} failed because of "
                        "validation of configuration block, because of {}",
                        channel, why));
    };
    if (const Status good = checkPeerJoinBlock(*block); !good.ok()) return refused(messageOf(good));
    if (const Status allowed =
            m_access.check("cscc/JoinChain", nullptr, call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [JoinChain][{}]: [{}]", channel, messageOf(allowed)));
    const Status joined = m_channels.join(*block);
    if (!joined.ok())
        return contractError(
            fmt::format("cannot create ledger from genesis block: {}", messageOf(joined)));
    return contractSuccess();
}

ContractResponse ConfigContract::joinBySnapshot(const SystemCall& call) {
    if (call.args[1].empty())
        return contractError("Cannot join the channel, no snapshot directory provided");
    if (const Status allowed = m_access.check("cscc/JoinChainBySnapshot", nullptr,
                                              call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [JoinChainBySnapshot]: [{}]", messageOf(allowed)));
    const std::filesystem::path folder(call.args[1]);
    std::error_code code;
    if (!folder.is_absolute() || !std::filesystem::is_directory(folder, code))
        return contractError(
            fmt::format("{} is no folder on this peer's machine (give an absolute "
                        "path)",
                        shown(call.args[1])));
    const Status begun = m_channels.joinBySnapshot(folder);
    return begun.ok() ? contractSuccess() : contractError(std::string(messageOf(begun)));
}

ContractResponse ConfigContract::snapshotStatus(const SystemCall& call) {
    if (const Status allowed = m_access.check("cscc/JoinBySnapshotStatus", nullptr,
                                              call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [JoinBySnapshotStatus]: {}", messageOf(allowed)));
    const std::string folder = m_channels.joiningSnapshot();
    ::protos::JoinBySnapshotStatus status;
    status.set_in_progress(!folder.empty());
    status.set_bootstrapping_snapshot_dir(folder);
    return contractSuccess(wire::serialize(status));
}

ContractResponse ConfigContract::channels(const SystemCall& call) {
    if (const Status allowed =
            m_access.check("cscc/GetChannels", nullptr, call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [GetChannels]: {}", messageOf(allowed)));
    ::protos::ChannelQueryResponse response;
    for (const ChannelId& id : m_channels.ids()) response.add_channels()->set_channel_id(id.str());
    return contractSuccess(wire::serialize(response));
}

ContractResponse ConfigContract::configBlock(const SystemCall& call) {
    const std::string name = shown(call.args[1]);
    const auto channel = m_channels.joined(ChannelId(call.args[1]));
    if (const Status allowed = m_access.check("cscc/GetConfigBlock", channel.get(),
                                              call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [GetConfigBlock][{}]: {}", name, messageOf(allowed)));
    if (channel == nullptr) return contractError(fmt::format("Unknown channel ID, {}", name));
    const auto read = [&]() -> Result<Bytes> {
        if (channel->height() == channel->firstBlock())
            return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                             "the ledger begins with a snapshot and holds no configuration block");
        ASSIGN_OR_RETURN(const auto newest, channel->read(channel->height() - 1));
        ASSIGN_OR_RETURN(const BlockNumber number, newest.lastConfig());
        ASSIGN_OR_RETURN(const auto block, channel->read(number));
        return block.serialize();
    };
    auto block = read();
    if (!block.ok()) return contractError(std::string(messageOf(block.status())));
    return contractSuccess(*std::move(block));
}

ContractResponse ConfigContract::channelConfig(const SystemCall& call) {
    if (call.args[1].empty()) return contractError("empty channel name provided");
    const std::string name = shown(call.args[1]);
    const auto channel = m_channels.joined(ChannelId(call.args[1]));
    if (const Status allowed = m_access.check("cscc/GetChannelConfig", channel.get(),
                                              call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(
            fmt::format("access denied for [GetChannelConfig][{}]: {}", name, messageOf(allowed)));
    if (channel == nullptr) return contractError(fmt::format("unknown channel ID, {}", name));
    return contractSuccess(wire::serialize(channel->bundle()->config()));
}

}  // namespace chancery::node
