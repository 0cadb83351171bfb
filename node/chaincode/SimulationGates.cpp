#include "node/chaincode/SimulationGates.h"

namespace chancery::node {
namespace {

/// One that fails at once leaves inside of its start and lets the next one start: here they line
/// up, so that the stack does not grow with them.
thread_local std::deque<std::function<void()>>* t_starting = nullptr;

void startInTurn(std::function<void()> start) {
    if (t_starting != nullptr) {
        t_starting->push_back(std::move(start));
        return;
    }
    std::deque<std::function<void()>> starting;
    starting.push_back(std::move(start));
    t_starting = &starting;
    while (!starting.empty()) {
        const auto next = std::move(starting.front());
        starting.pop_front();
        next();
    }
    t_starting = nullptr;
}

}  // namespace

void SimulationGates::enter(const std::string& contract, std::function<void()> start) {
    {
        const std::lock_guard lock(m_mutex);
        Line& line = m_lines[contract];
        if (line.running == m_most) {
            line.waiting.push_back(std::move(start));
            return;
        }
        ++line.running;
    }
    start();
}

void SimulationGates::leave(const std::string& contract) {
    std::function<void()> next;
    {
        const std::lock_guard lock(m_mutex);
        const auto line = m_lines.find(contract);
        if (line == m_lines.end()) return;
        if (line->second.waiting.empty()) {
            if (--line->second.running == 0) m_lines.erase(line);
            return;
        }
        next = std::move(line->second.waiting.front());
        line->second.waiting.pop_front();
    }
    startInTurn(std::move(next));
}

}  // namespace chancery::node
