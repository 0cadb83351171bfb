#include "node/peer/PeerChannelAdmin.h"

#include <algorithm>

#include "src/channel/Capabilities.h"
#include "src/verify/Validator.h"

namespace chancery::node {
namespace {

Status refused(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_JOIN_BLOCK", why);
}

/// The newest block's hash; empty when the ledger begins with a snapshot and has none yet.
Bytes newestHash(const JoinedChannel& channel, BlockNumber height) {
    if (height <= channel.firstBlock()) return {};
    const auto block = channel.read(height - 1);
    return block.ok() ? block->header().hash() : Bytes();
}

}  // namespace

Status checkPeerJoinBlock(const protocol::Block& block) {
    if (block.number() != 0)
        return refused(
            "it is not the first block of the channel; join with block 0, or by a "
            "snapshot");
    const auto verdict = verify::Validator::validateGenesis(block);
    if (!verdict.ok()) return refused(messageOf(verdict.status()));
    if (!verdict->config->hasApplication())
        return refused("Invalid configuration block, missing Application configuration group");
    for (const auto level :
         {channel::CapabilityLevel::Channel, channel::CapabilityLevel::Application})
        if (const Status supported =
                channel::checkSupported(verdict->config->capabilities(), level);
            !supported.ok())
            return refused(fmt::format("Failed capabilities check: [{}]", messageOf(supported)));
    return {};
}

std::vector<ChannelId> PeerChannelAdmin::ids() const {
    std::vector<ChannelId> ids = m_channels.ids();
    for (const auto& [id, why] : m_channels.failures()) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<AdminChannel> PeerChannelAdmin::describe(const ChannelId& id) {
    AdminChannel described{.channel = id, .relation = "member", .status = "active"};
    const auto channel = m_channels.joined(id);
    if (channel == nullptr) {
        const auto failures = m_channels.failures();
        const auto failed = failures.find(id);
        if (failed == failures.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                             fmt::format("the peer is not in channel {}", id.str()),
                             {{"channel", id.str()}});
        described.status = "failed";
        described.problem = failed->second;
        return described;
    }
    described.height = channel->height();
    described.lastBlockHash = newestHash(*channel, described.height);
    if (const auto alarm = channel->alarm()) {
        described.problem = *alarm;
    } else if (const auto puller = m_channels.puller(id); puller && puller->failures > 0) {
        described.problem = makeError(StatusCode::kUnavailable, "NO_ORDERER", puller->problem);
    }
    described.contracts = contractsOf(*channel);
    return described;
}

std::vector<AdminContract> PeerChannelAdmin::contractsOf(PeerChannel& channel) const {
    std::set<std::string> running;
    for (const ContractStatus& status : m_executor.contracts()) {
        if (status.state != ContractStatus::State::Running) continue;
        const auto here = status.references.find(channel.channelId().str());
        if (here == status.references.end()) continue;
        for (const auto& [name, version] : here->second) running.insert(name);
    }
    std::vector<AdminContract> contracts;
    const auto names = channel.contracts();
    if (!names.ok()) return contracts;
    for (const std::string& name : *names) {
        const auto definition = channel.definition(name);
        if (!definition.ok() || !*definition) continue;
        contracts.push_back({.name = name,
                             .version = (*definition)->version,
                             .sequence = static_cast<std::uint64_t>((*definition)->sequence),
                             .runs = running.contains(name)});
    }
    return contracts;
}

Result<ChannelAdmin::Joined> PeerChannelAdmin::join(BytesView bytes) {
    const auto block = protocol::Block::parse(Bytes(bytes));
    if (!block.ok()) return refused(messageOf(block.status()));
    if (block->transactionCount() == 0 || !block->transaction(0).payload.hasHeader)
        return refused("the block holds no channel header");
    const ChannelId id(std::string(block->transaction(0).channelHeader.channelId));
    RETURN_IF_ERROR(checkPeerJoinBlock(*block));
    const Status joined = m_channels.join(*block);
    if (joined.ok()) return Joined{id, false};
    const auto channel = m_channels.joined(id);
    if (!absl::IsAlreadyExists(joined) || channel == nullptr) return joined;
    if (channel->firstBlock() != 0) return Joined{id, true};
    ASSIGN_OR_RETURN(const auto first, channel->read(0));
    if (first.header().hash() == block->header().hash()) return Joined{id, true};
    return makeError(StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
                     fmt::format("the peer is in another channel that has the name {}", id.str()),
                     {{"channel", id.str()}});
}

Result<bool> PeerChannelAdmin::leave(const ChannelId& channel) {
    return m_channels.leave(channel);
}

}  // namespace chancery::node
