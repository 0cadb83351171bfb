#include "node/role/FlowEvents.h"

#include <atomic>
#include <map>
#include <mutex>

namespace chancery::node {

struct FlowEvents::Impl {
    using Listener = std::function<void(const FlowEvent&)>;
    using Listeners = std::map<std::uint64_t, std::shared_ptr<const Listener>>;

    // A subscription may outlive the object that it came from.
    struct Shared {
        std::atomic<std::size_t> count{0};
        std::mutex mutex;
        std::uint64_t nextId = 0;
        /// Exchanged whole, so that no lock is held while listeners run.
        std::shared_ptr<const Listeners> listeners = std::make_shared<Listeners>();

        template <class Change>
        void change(Change&& apply) {
            const std::lock_guard lock(mutex);
            auto changed = std::make_shared<Listeners>(*listeners);
            apply(*changed);
            count.store(changed->size(), std::memory_order_relaxed);
            listeners = std::move(changed);
        }
    };
    std::shared_ptr<Shared> shared = std::make_shared<Shared>();
};

FlowEvents::FlowEvents() : m_impl(std::make_unique<Impl>()) {}
FlowEvents::~FlowEvents() = default;

bool FlowEvents::isWanted() const {
    return m_impl->shared->count.load(std::memory_order_relaxed) > 0;
}

void FlowEvents::publish(const FlowEvent& event) {
    if (!isWanted()) return;
    std::shared_ptr<const Impl::Listeners> listeners;
    {
        const std::lock_guard lock(m_impl->shared->mutex);
        listeners = m_impl->shared->listeners;
    }
    for (const auto& [id, listener] : *listeners) (*listener)(event);
}

Subscription FlowEvents::subscribe(std::function<void(const FlowEvent&)> listener) {
    auto kept = std::make_shared<const Impl::Listener>(std::move(listener));
    std::uint64_t id = 0;
    m_impl->shared->change([&](Impl::Listeners& all) {
        id = m_impl->shared->nextId++;
        all.emplace(id, std::move(kept));
    });
    return Subscription([weak = std::weak_ptr(m_impl->shared), id] {
        if (const auto shared = weak.lock())
            shared->change([id](Impl::Listeners& all) { all.erase(id); });
    });
}

std::string_view nameOf(FlowStage stage) {
    switch (stage) {
        case FlowStage::Propose:
            return "propose";
        case FlowStage::Execute:
            return "execute";
        case FlowStage::Endorse:
            return "endorse";
        case FlowStage::Submit:
            return "submit";
        case FlowStage::Broadcast:
            return "broadcast";
        case FlowStage::Order:
            return "order";
        case FlowStage::Deliver:
            return "deliver";
        case FlowStage::Validate:
            return "validate";
        case FlowStage::Commit:
            return "commit";
    }
    return "";
}

}  // namespace chancery::node
