#pragma once

#include <functional>
#include <stop_token>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"

namespace chancery::node {

/// Asks one orderer for the blocks of a channel from `from` on, without end, and gives each to
/// `sink` in turn. Returns when the stop token says so, the connection or stream ends, or with the
/// error of `sink`. Blocks; any thread.
using BlockPull = std::function<Status(
    const channel::OrdererEndpoint& endpoint, const ChannelId& channel, BlockNumber from,
    const std::function<Status(protocol::Block)>& sink, std::stop_token stop)>;

}  // namespace chancery::node
