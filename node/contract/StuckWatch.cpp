#include "node/contract/StuckWatch.h"

#include <fmt/format.h>
#include <pthread.h>

#include "src/base/Log.h"

namespace chancery::node::contract {

StuckWatch::StuckWatch(const BusyMeter& meter, Bounds bounds,
                       std::function<void(std::string_view)> onStuck)
    : m_meter(meter),
      m_bounds(bounds),
      m_onStuck(std::move(onStuck)),
      m_thread([this] { run(); }) {}

StuckWatch::~StuckWatch() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void StuckWatch::run() {
    ::pthread_setname_np(::pthread_self(), "contract-watch");
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(lock, m_bounds.period, [&] { return m_stopping; })) look();
}

void StuckWatch::look() const {
    const auto busy = m_meter.busyFor();
    if (busy.count() == 0) return;
    std::string why;
    if (busy > m_bounds.busy) {
        why = fmt::format("it computes for {} ms without giving control back", busy.count());
    } else if (const auto memory = residentBytes(); memory > m_bounds.memoryBytes) {
        why = fmt::format("it took {} MiB of memory at once", memory >> 20);
    }
    if (why.empty()) return;
    log::error("contract", fmt::format("the contract cannot be stopped: {}", why));
    if (m_onStuck) m_onStuck(why);
}

}  // namespace chancery::node::contract
