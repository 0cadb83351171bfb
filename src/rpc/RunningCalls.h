#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace chancery::rpc {

/// Counts the calls that a server works on. Thread-safe.
class RunningCalls {
public:
    void began(bool isStream);
    void ended(bool isStream);

    /// Ends the wait below.
    void close();
    /// True as soon as no unary call has run for `quiet`, with streams open for `patience`; false
    /// when it was closed before.
    bool waitUntilQuiet(std::chrono::milliseconds quiet, std::chrono::milliseconds patience);

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_unary = 0;
    std::size_t m_streams = 0;
    bool m_isClosed = false;
};

}  // namespace chancery::rpc
