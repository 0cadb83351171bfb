#include "src/rpc/RunningCalls.h"

namespace chancery::rpc {

void RunningCalls::began(bool isStream) {
    const std::lock_guard lock(m_mutex);
    ++(isStream ? m_streams : m_unary);
    m_changed.notify_all();
}

void RunningCalls::ended(bool isStream) {
    const std::lock_guard lock(m_mutex);
    --(isStream ? m_streams : m_unary);
    m_changed.notify_all();
}

void RunningCalls::close() {
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
    m_changed.notify_all();
}

bool RunningCalls::waitUntilQuiet(std::chrono::milliseconds quiet,
                                  std::chrono::milliseconds patience) {
    std::unique_lock lock(m_mutex);
    while (!m_isClosed) {
        m_changed.wait(lock, [this] { return m_isClosed || m_unary == 0; });
        const auto isBusy = [this] { return m_isClosed || m_unary != 0; };
        // Streams that end by themselves shorten the wait.
        const auto isDisturbed = [&] { return isBusy() || m_streams == 0; };
        if (m_streams != 0 && m_changed.wait_for(lock, patience, isDisturbed) && isBusy()) continue;
        if (m_changed.wait_for(lock, quiet, isBusy)) continue;
        return true;
    }
    return false;
}

}  // namespace chancery::rpc
