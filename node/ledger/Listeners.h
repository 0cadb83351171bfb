#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "src/base/Subscription.h"

namespace chancery::node {

/// Who wants to be told of something. Thread-safe. When a subscription has ended, its listener is
/// not called any more; it may end inside its own call.
template <class... Values>
class Listeners {
public:
    using Listener = std::function<void(Values...)>;

    [[nodiscard]] Subscription add(Listener listener) {
        const std::lock_guard lock(m_state->mutex);
        const std::uint64_t id = m_state->nextId++;
        m_state->listeners.emplace(id, std::make_shared<const Listener>(std::move(listener)));
        return Subscription([weak = std::weak_ptr(m_state), id] {
            const auto state = weak.lock();
            if (state == nullptr) return;
            const std::lock_guard ending(state->mutex);
            state->listeners.erase(id);
        });
    }

    void tell(const Values&... values) const {
        const auto state = m_state;
        const std::lock_guard lock(state->mutex);
        for (auto at = state->listeners.begin(); at != state->listeners.end();) {
            const auto listener = at->second;
            const std::uint64_t id = at->first;
            (*listener)(values...);
            at = state->listeners.upper_bound(id);
        }
    }

private:
    struct State {
        std::recursive_mutex mutex;
        std::uint64_t nextId = 0;
        std::map<std::uint64_t, std::shared_ptr<const Listener>> listeners;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

}  // namespace chancery::node
