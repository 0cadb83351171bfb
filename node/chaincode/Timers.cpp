#include "node/chaincode/Timers.h"

#include <pthread.h>

namespace chancery::node {

Timers::Timers() : m_thread([this] { run(); }) {
    pthread_setname_np(m_thread.native_handle(), "cc-timers");
}

Timers::~Timers() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

Timers::Id Timers::reserve(Deadline time) {
    return {time, ++m_last};
}

void Timers::set(const Id& id, std::function<void()> function) {
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        const auto place = m_waiting.emplace(id, std::move(function)).first;
        first = place == m_waiting.begin();
    }
    // Timeouts of transactions mostly lie behind those that wait: no need to wake anybody.
    if (first) m_changed.notify_all();
}

Timers::Id Timers::at(Deadline time, std::function<void()> function) {
    const Id id = reserve(time);
    set(id, std::move(function));
    return id;
}

void Timers::cancel(const Id& id) {
    std::function<void()> dropped;  // destroyed without the lock
    const std::lock_guard lock(m_mutex);
    const auto found = m_waiting.find(id);
    if (found == m_waiting.end()) return;
    dropped = std::move(found->second);
    m_waiting.erase(found);
}

void Timers::run() {
    std::unique_lock lock(m_mutex);
    while (!m_ending) {
        if (m_waiting.empty()) {
            m_changed.wait(lock);
            continue;
        }
        const auto next = m_waiting.begin();
        if (next->first.first > std::chrono::steady_clock::now()) {
            // A copy: the entry may be cancelled while this waits.
            const Deadline until = next->first.first;
            m_changed.wait_until(lock, until);
            continue;
        }
        auto function = std::move(next->second);
        m_waiting.erase(next);
        lock.unlock();
        function();
        function = nullptr;
        lock.lock();
    }
}

}  // namespace chancery::node
