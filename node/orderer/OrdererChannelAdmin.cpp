#include "node/orderer/OrdererChannelAdmin.h"

#include "src/channel/Elements.h"

namespace chancery::node {

std::vector<ChannelId> OrdererChannelAdmin::ids() const {
    std::vector<ChannelId> ids;
    for (const ChannelInfo& info : m_registrar.list()) ids.push_back(info.channel);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<AdminChannel> OrdererChannelAdmin::describe(const ChannelId& channel) {
    const auto info = m_registrar.info(channel);
    if (!info)
        return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL", "channel does not exist",
                         {{"channel", channel.str()}});
    AdminChannel described{.channel = channel,
                           .height = info->height,
                           .relation = std::string(nameOf(info->relation)),
                           .status = std::string(nameOf(info->status))};
    described.problem = m_registrar.health(channel);
    if (const auto found = m_registrar.find(channel); found && described.height > 0)
        if (const auto newest = found->read(described.height - 1); newest.ok())
            described.lastBlockHash = newest->header().hash();
    return described;
}

Result<ChannelAdmin::Joined> OrdererChannelAdmin::join(BytesView bytes) {
    const auto block = protocol::Block::parse(Bytes(bytes));
    if (!block.ok())
        return makeError(StatusCode::kInvalidArgument, "BAD_JOIN_BLOCK", messageOf(block.status()));
    ASSIGN_OR_RETURN(const ChannelId channel, checkJoinBlock(*block));
    const auto joined = m_registrar.join(*block);
    if (joined.ok()) return Joined{joined->channel, false};
    const auto found = m_registrar.find(channel);
    if (!absl::IsAlreadyExists(joined.status()) || found == nullptr) return joined.status();
    // A block that is here already must be the one that was given; a later one is of this channel
    // as far as anybody can tell before it has come.
    if (const auto own = found->read(block->number());
        own.ok() && own->header().hash() != block->header().hash())
        return makeError(
            StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
            fmt::format("the orderer is in another channel that has the name {}", channel.str()),
            {{"channel", channel.str()}});
    return Joined{channel, true};
}

Result<bool> OrdererChannelAdmin::leave(const ChannelId& channel) {
    if (!channel::checkChannelName(channel).ok())
        return makeError(StatusCode::kInvalidArgument, "BAD_CHANNEL_ID",
                         "this is no name of a channel");
    const Status removed = m_registrar.remove(channel);
    if (removed.ok()) return true;
    if (absl::IsNotFound(removed)) return false;
    return removed;
}

}  // namespace chancery::node
