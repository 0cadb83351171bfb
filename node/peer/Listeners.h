#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "src/base/Subscription.h"

namespace chancery::node {

/// Those who want to be told of something. Ending a subscription waits for a call of its listener
/// that runs on another thread; afterwards there is none any more. So never end one under a lock
/// that the listener takes. Thread-safe.
template <class... Arguments>
class Listeners {
public:
    using Listener = std::function<void(Arguments...)>;

    [[nodiscard]] Subscription add(Listener listener) {
        auto entry = std::make_shared<Entry>();
        entry->listener = std::move(listener);
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->entries.push_back(entry);
        }
        return Subscription([shared = m_shared, entry] {
            {
                const std::lock_guard lock(shared->mutex);
                std::erase(shared->entries, entry);
            }
            const std::lock_guard lock(entry->mutex);
            entry->active = false;
        });
    }

    void tell(const Arguments&... arguments) const {
        std::vector<std::shared_ptr<Entry>> entries;
        {
            const std::lock_guard lock(m_shared->mutex);
            entries = m_shared->entries;
        }
        for (const auto& entry : entries) {
            const std::lock_guard lock(entry->mutex);
            if (entry->active) entry->listener(arguments...);
        }
    }

    bool empty() const {
        const std::lock_guard lock(m_shared->mutex);
        return m_shared->entries.empty();
    }

private:
    struct Entry {
        // A listener may end its own subscription.
        std::recursive_mutex mutex;
        bool active = true;
        Listener listener;
    };
    struct Shared {
        mutable std::mutex mutex;
        std::vector<std::shared_ptr<Entry>> entries;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

}  // namespace chancery::node
