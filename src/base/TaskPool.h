#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace chancery {

/// A fixed number of named threads over one bounded queue. Thread-safe. The destructor runs what is
/// queued, then joins.
class TaskPool {
public:
    enum class Priority {
        Normal,
        Background,  ///< gets a tenth of what others get while they want a processor, too
    };
    /// `threads` of 0 means one per processor. `post` waits while `maxQueued` tasks are waiting.
    explicit TaskPool(std::string name, std::size_t threads = 0, std::size_t maxQueued = 4096,
                      Priority priority = Priority::Normal);
    ~TaskPool();
    TaskPool(const TaskPool&) = delete;
    TaskPool& operator=(const TaskPool&) = delete;

    std::size_t threadCount() const { return m_threads.size(); }

    /// A task must not throw and must not wait for another task of the same pool.
    void post(std::function<void()> task);

    /// Runs body(0) … body(count - 1) on the pool and the calling thread; returns when all have
    /// ended. Indices are handed out in order. May be called from within a task of this pool: the
    /// caller works on its own range.
    void forEach(std::size_t count, const std::function<void(std::size_t)>& body);

private:
    void run(std::size_t index);

    std::string m_name;
    std::size_t m_maxQueued;
    Priority m_priority;
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::condition_variable m_drained;
    std::deque<std::function<void()>> m_queue;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

}  // namespace chancery
