#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "node/contract/Usage.h"

namespace chancery::node::contract {

/// Looks from a thread of its own whether a call of the engine ends. The engine stops contracts
/// itself; what it cannot stop is one operation inside of it, and memory that such a one takes.
class StuckWatch {
public:
    struct Bounds {
        std::chrono::milliseconds busy;  ///< longest time inside of one call
        std::uint64_t memoryBytes;       ///< most memory of this process during one
        std::chrono::milliseconds period{250};
    };
    /// `onStuck` is called on the watch's thread at every look that finds it so.
    StuckWatch(const BusyMeter& meter, Bounds bounds,
               std::function<void(std::string_view)> onStuck);
    ~StuckWatch();

private:
    void run();
    void look() const;

    const BusyMeter& m_meter;
    const Bounds m_bounds;
    const std::function<void(std::string_view)> m_onStuck;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace chancery::node::contract
