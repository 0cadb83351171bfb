#pragma once

// For the sources of this folder: streams that are opened again when they end.
#include <chrono>
#include <functional>
#include <stop_token>

#include "src/base/Status.h"
#include "src/base/Subscription.h"

namespace chancery::client {

struct WatchPauses {
    std::chrono::milliseconds first{100};  ///< after a failure; doubles with each
    std::chrono::milliseconds longest{5'000};
};

/// Tells that the connection works; called for everything that comes.
using Alive = std::function<void()>;

/// Calls `attempt` on a thread of its own until the subscription ends; it returns why it ended.
/// `lost` is told the error when it is not the one told before, and OK when it works again. After
/// UNIMPLEMENTED and INVALID_ARGUMENT nothing is tried any more.
///
/// Ending the subscription waits for a callback that runs, unless it is that callback which ends
/// it.
Subscription watch(std::function<Status(std::stop_token stop, const Alive& alive)> attempt,
                   std::function<void(const Status&)> lost, WatchPauses pauses = {});

/// Sleeps; false when it was stopped.
bool pauseFor(const std::stop_token& stop, std::chrono::milliseconds period);

}  // namespace chancery::client
