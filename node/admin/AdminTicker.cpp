#include "node/admin/AdminTicker.h"

#include <pthread.h>

#include <algorithm>

namespace chancery::node {

AdminTicker::AdminTicker() : m_thread([this] { run(); }) {}

AdminTicker::~AdminTicker() {
    close();
}

void AdminTicker::add(const std::shared_ptr<Ticking>& ticking) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_closed) m_entries.push_back({ticking, Ticking::Clock::time_point()});
        if (!m_closed) m_changed.notify_all();
        if (!m_closed) return;
    }
    ticking->close();
}

void AdminTicker::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable()) m_thread.join();
    for (const Entry& entry : m_entries)
        if (const auto ticking = entry.ticking.lock()) ticking->close();
    m_entries.clear();
}

void AdminTicker::run() {
    ::pthread_setname_np(::pthread_self(), "admin");
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        const auto now = Ticking::Clock::now();
        std::vector<std::shared_ptr<Ticking>> due;
        auto next = Ticking::Clock::time_point::max();
        std::erase_if(m_entries, [](const Entry& entry) { return entry.ticking.expired(); });
        for (Entry& entry : m_entries) {
            if (entry.due > now)
                next = std::min(next, entry.due);
            else if (auto ticking = entry.ticking.lock())
                due.push_back(std::move(ticking));
        }
        if (due.empty()) {
            if (next == Ticking::Clock::time_point::max())
                m_changed.wait(lock);
            else
                m_changed.wait_until(lock, next);
            continue;
        }
        lock.unlock();
        std::vector<Ticking::Clock::time_point> again;
        for (const auto& ticking : due) again.push_back(ticking->tick(now));
        lock.lock();
        for (std::size_t i = 0; i < due.size(); ++i)
            for (Entry& entry : m_entries)
                if (entry.ticking.lock() == due[i]) entry.due = again[i];
        lock.unlock();
        due.clear();  // the last hold on a stream that ended meanwhile, outside the lock
        lock.lock();
    }
}

}  // namespace chancery::node
