#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "node/role/FlowEvents.h"

namespace chancery::node {

/// Which transactions a sample of one in 2^k has: those whose value is a multiple of it. The same
/// at all nodes.
std::uint32_t flowSampleOf(std::string_view txId);

/// The events of a node for one reader. Who publishes never waits: when more happens than the
/// reader shall get or takes, every second transaction is left out, then every second of the rest,
/// and what waits is thinned in the same way; a transaction is told with all its stages or not at
/// all within a batch. Thread-safe.
class FlowTail {
public:
    using Clock = std::chrono::steady_clock;
    struct Options {
        std::uint32_t mostPerSecond = 20'000;  ///< as a mean; a second's worth may come at once
        std::function<Clock::time_point()> now = Clock::now;
    };
    struct Batch {
        std::vector<FlowEvent> events;
        std::uint64_t seen = 0;  ///< that happened since the last batch, taken or not
        std::uint32_t oneIn = 1;
    };

    FlowTail(FlowEvents& events, Options options);
    ~FlowTail();

    /// What has come since the last call.
    Batch take();

private:
    struct State;
    std::shared_ptr<State> m_state;  ///< a publisher may still be at it when this one ends
    Subscription m_subscription;
};

}  // namespace chancery::node
