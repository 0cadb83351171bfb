#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "src/base/Ids.h"
#include "src/base/Subscription.h"

namespace chancery::node {

/// Who wants to know of new blocks. The end of a subscription waits for a listener that runs, so a
/// listener must neither subscribe nor unsubscribe. Thread-safe.
class HeightListeners {
public:
    using Listener = std::function<void(BlockNumber)>;

    [[nodiscard]] Subscription add(Listener listener) {
        const std::lock_guard lock(m_state->mutex);
        const std::uint64_t id = m_state->next++;
        m_state->listeners.emplace(id, std::move(listener));
        return Subscription([state = m_state, id] {
            const std::lock_guard guard(state->mutex);
            state->listeners.erase(id);
        });
    }

    void notify(BlockNumber height) const {
        const std::lock_guard lock(m_state->mutex);
        for (const auto& [id, listener] : m_state->listeners) listener(height);
    }

private:
    struct State {
        std::mutex mutex;
        std::uint64_t next = 0;
        std::map<std::uint64_t, Listener> listeners;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

}  // namespace chancery::node
