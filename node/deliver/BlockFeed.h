#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"

namespace chancery::node {

/// One channel's blocks as Deliver gives them to clients. Thread-safe.
class BlockFeed {
public:
    virtual ~BlockFeed() = default;
    virtual BlockNumber height() const = 0;
    virtual BlockNumber firstBlock() const = 0;
    virtual Result<protocol::Block> read(BlockNumber number) const = 0;
    /// Called with the new height after each block, on the writing thread, and once more when the
    /// feed is closed: must return quickly and neither subscribe nor unsubscribe. HeightListeners
    /// does this for an implementation.
    [[nodiscard]] virtual Subscription onHeight(std::function<void(BlockNumber)> listener) = 0;
    /// The configuration in force: who may read, and when that has to be asked again. A
    /// configuration block counts into height() only when this is what it brings.
    virtual channel::BundlePtr bundle() const = 0;
    /// Set when the channel takes no part any more (removed, halted): streams end with
    /// SERVICE_UNAVAILABLE.
    virtual bool isClosed() const = 0;
    /// Set while the channel cannot go on (its ordering is in error): streams end with
    /// SERVICE_UNAVAILABLE unless they asked for the best effort.
    virtual bool isInError() const { return false; }
};
using BlockFeedPtr = std::shared_ptr<BlockFeed>;

/// Channels by name; null when there is no such channel. Thread-safe.
using BlockFeeds = std::function<BlockFeedPtr(const ChannelId&)>;

}  // namespace chancery::node
