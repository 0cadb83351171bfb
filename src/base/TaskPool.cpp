#include "src/base/TaskPool.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace chancery {

TaskPool::TaskPool(std::string name, std::size_t threads, std::size_t maxQueued, Priority priority)
    : m_name(std::move(name)),
      m_maxQueued(std::max<std::size_t>(1, maxQueued)),
      m_priority(priority) {
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    m_threads.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) m_threads.emplace_back([this, i] { run(i); });
}

TaskPool::~TaskPool() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_filled.notify_all();
    for (auto& thread : m_threads) thread.join();
}

void TaskPool::post(std::function<void()> task) {
    {
        std::unique_lock lock(m_mutex);
        m_drained.wait(lock, [this] { return m_queue.size() < m_maxQueued; });
        m_queue.push_back(std::move(task));
    }
    m_filled.notify_one();
}

void TaskPool::run(std::size_t index) {
    // The kernel keeps 15 characters of a thread's name.
    pthread_setname_np(pthread_self(),
                       (m_name.substr(0, 12) + "-" + std::to_string(index)).c_str());
    // Linux gives each thread its own; it is only a wish, so that a refusal changes nothing.
    constexpr int kNice = 10;
    if (m_priority == Priority::Background)
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
    while (true) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            m_filled.wait(lock, [this] { return m_ending || !m_queue.empty(); });
            if (m_queue.empty()) return;
            task = std::move(m_queue.front());
            m_queue.pop_front();
        }
        m_drained.notify_one();
        task();
    }
}

void TaskPool::forEach(std::size_t count, const std::function<void(std::size_t)>& body) {
    if (count == 0) return;
    // Shared so that a helper task which starts after everything is done finds its state alive.
    struct Shared {
        explicit Shared(std::size_t total) : total(total) {}
        const std::size_t total;
        std::atomic<std::size_t> next{0};
        std::size_t done = 0;
        std::mutex mutex;
        std::condition_variable finished;
    };
    const auto shared = std::make_shared<Shared>(count);
    const auto work = [shared, &body] {
        std::size_t mine = 0;
        for (std::size_t i = shared->next++; i < shared->total; i = shared->next++) {
            body(i);
            ++mine;
        }
        if (mine == 0) return;
        const std::lock_guard lock(shared->mutex);
        shared->done += mine;
        if (shared->done == shared->total) shared->finished.notify_all();
    };
    const std::size_t helpers = std::min(m_threads.size(), count - 1);
    {
        // Helpers jump no queue limit: a full queue only means that the caller works alone.
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < helpers && m_queue.size() < m_maxQueued; ++i)
            m_queue.emplace_back(work);
    }
    m_filled.notify_all();
    work();
    std::unique_lock lock(shared->mutex);
    shared->finished.wait(lock, [&] { return shared->done == shared->total; });
}

}  // namespace chancery
