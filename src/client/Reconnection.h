#pragma once

#include <functional>
#include <stop_token>

#include "src/base/Status.h"
#include "src/base/Subscription.h"

namespace chancery::client {

/// Runs a stream on a thread of its own until the subscription ends, which waits for it. `run`
/// returns when the stream has ended, however; it is run again after 100 ms, and after twice as
/// long up to 5 s each time, unless it has called `works` since. `lost`, if any, is told why, and
/// OK with the first `works` after that.
Subscription keepTrying(
    std::function<Status(const std::stop_token& stop, const std::function<void()>& works)> run,
    std::function<void(const Status&)> lost = nullptr);

}  // namespace chancery::client
