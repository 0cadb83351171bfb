#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "src/base/Deadline.h"

namespace chancery::node {

/// Calls functions at given times, one after the other, on a thread of its own. What is called must
/// return quickly. Thread-safe. The destructor drops what is still waiting.
class Timers {
public:
    Timers();
    ~Timers();
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    using Id = std::pair<Deadline, std::uint64_t>;

    /// Calls it once at that time, or right away when the time has passed.
    Id at(Deadline time, std::function<void()> function);
    /// The same in two steps: for functions that end what their id is needed for.
    Id reserve(Deadline time);
    void set(const Id& id, std::function<void()> function);
    /// Does not wait for a call that has begun.
    void cancel(const Id& id);

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<Id, std::function<void()>> m_waiting;
    std::atomic<std::uint64_t> m_last = 0;
    bool m_ending = false;
    std::thread m_thread;
};

}  // namespace chancery::node
