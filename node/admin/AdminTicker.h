#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::node {

/// What a stream of the admin API does from time to time.
class Ticking {
public:
    using Clock = std::chrono::steady_clock;
    virtual ~Ticking() = default;
    /// Called on the ticker's thread; says when to come again. Must not wait.
    virtual Clock::time_point tick(Clock::time_point now) = 0;
    /// The node stops: no more ticks. Once.
    virtual void close() = 0;
};

/// One thread for all streams of a node; it sleeps while there are none. Thread-safe.
class AdminTicker {
public:
    AdminTicker();
    /// As close().
    ~AdminTicker();

    /// Ticks at once, as long as the object lives. After close() it is closed at once.
    void add(const std::shared_ptr<Ticking>& ticking);
    /// Ends the thread and closes all.
    void close();

private:
    struct Entry {
        std::weak_ptr<Ticking> ticking;
        Ticking::Clock::time_point due;
    };
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Entry> m_entries;
    bool m_closed = false;
    std::thread m_thread;
};

}  // namespace chancery::node
