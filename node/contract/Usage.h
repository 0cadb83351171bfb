#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace chancery::node::contract {

/// CPU time of the calling thread.
std::chrono::nanoseconds threadTime();
/// Memory of this process that lies in RAM; 0 when the system does not tell.
std::uint64_t residentBytes();

/// How long the contract's thread is inside of one call of the engine; read by another thread.
class BusyMeter {
public:
    void begin();
    void end() { m_since.store(0); }
    /// Zero when it is not inside of a call.
    std::chrono::milliseconds busyFor() const;

    /// Asks what runs to end, as the process wants to.
    void interrupt() { m_interrupted.store(true); }
    bool isInterrupted() const { return m_interrupted.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_since = 0;  // steady clock, in nanoseconds
    std::atomic<bool> m_interrupted = false;
};

}  // namespace chancery::node::contract
