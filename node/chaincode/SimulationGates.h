#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace chancery::node {

/// Lets so many transactions of one contract run at once: each holds a view of the ledger, and one
/// contract that does not answer must not take them all. Others wait in line, without a thread.
/// Thread-safe.
class SimulationGates {
public:
    explicit SimulationGates(std::size_t most) : m_most(most) {}

    /// Calls `start` at once, or when another one leaves, on that one's thread.
    void enter(const std::string& contract, std::function<void()> start);
    /// Once for each that has started.
    void leave(const std::string& contract);

private:
    struct Line {
        std::size_t running = 0;
        std::deque<std::function<void()>> waiting;
    };

    const std::size_t m_most;
    std::mutex m_mutex;
    std::map<std::string, Line, std::less<>> m_lines;  // of contracts that run now
};

}  // namespace chancery::node
