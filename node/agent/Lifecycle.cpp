#include "node/agent/Lifecycle.h"

#include <algorithm>

namespace chancery::agent {

const char* nameOf(Phase phase) {
    switch (phase) {
        case Phase::Stopped:
            return "stopped";
        case Phase::Starting:
            return "starting";
        case Phase::Running:
            return "running";
        case Phase::Stopping:
            return "stopping";
        case Phase::WaitingToRestart:
            return "waiting to restart";
        case Phase::Failed:
            break;
    }
    return "failed";
}

void Lifecycle::enter(Phase phase, absl::Time now, std::string problem) {
    m_phase = phase;
    m_since = now;
    m_problem = std::move(problem);
}

Lifecycle::Action Lifecycle::start(absl::Time now, bool byAgent) {
    m_isWanted = true;
    m_mustServe = !byAgent;
    switch (m_phase) {
        case Phase::Starting:
        case Phase::Running:
        case Phase::Stopping:  // when it has ended
            return Action::None;
        case Phase::Stopped:
        case Phase::WaitingToRestart:
        case Phase::Failed:
            break;
    }
    m_restarts = 0;
    m_accidents = 0;
    enter(Phase::Starting, now);
    return Action::Launch;
}

Lifecycle::Action Lifecycle::stop(absl::Time now) {
    m_isWanted = false;
    switch (m_phase) {
        case Phase::Starting:
        case Phase::Running:
            enter(Phase::Stopping, now);
            m_due = now + m_patience.grace;
            return Action::AskToEnd;
        case Phase::WaitingToRestart:
        case Phase::Failed:
            enter(Phase::Stopped, now);
            return Action::None;
        case Phase::Stopped:
        case Phase::Stopping:
            break;
    }
    return Action::None;
}

void Lifecycle::launched(absl::Time now) {
    enter(Phase::Starting, now);
}

void Lifecycle::launchFailed(absl::Time now, const std::string& why) {
    if (m_mustServe)
        enter(Phase::Failed, now, why);
    else
        waitToRestart(now, why);
}

void Lifecycle::ready(absl::Time now) {
    if (m_phase != Phase::Starting) return;
    m_mustServe = false;
    enter(Phase::Running, now);
}

Lifecycle::Action Lifecycle::ended(absl::Time now, const std::string& sentence, bool isUseless) {
    switch (m_phase) {
        case Phase::Stopping:
            if (!m_isWanted) {
                enter(Phase::Stopped, now);
                return Action::None;
            }
            m_restarts = 0;
            m_accidents = 0;
            enter(Phase::Starting, now);
            return Action::Launch;
        case Phase::Starting:
            if (m_mustServe || isUseless)
                enter(Phase::Failed, now, sentence);
            else
                waitToRestart(now, sentence);
            return Action::None;
        case Phase::Running:
            if (now - m_since >= m_patience.steady) m_accidents = 0;
            waitToRestart(now, sentence);
            return Action::None;
        case Phase::Stopped:
        case Phase::WaitingToRestart:
        case Phase::Failed:
            break;
    }
    return Action::None;
}

void Lifecycle::waitToRestart(absl::Time now, std::string problem) {
    absl::Duration delay = m_patience.firstDelay;
    for (int i = 0; i < m_accidents && delay < m_patience.lastDelay; ++i) delay *= 2;
    ++m_accidents;
    enter(Phase::WaitingToRestart, now, std::move(problem));
    m_due = now + std::min(delay, m_patience.lastDelay);
}

std::optional<absl::Time> Lifecycle::due() const {
    if (m_phase == Phase::Stopping || m_phase == Phase::WaitingToRestart) return m_due;
    return std::nullopt;
}

std::optional<absl::Time> Lifecycle::nextStart() const {
    if (m_phase == Phase::WaitingToRestart) return m_due;
    return std::nullopt;
}

Lifecycle::Action Lifecycle::tick(absl::Time now) {
    if (now < due().value_or(absl::InfiniteFuture())) return Action::None;
    if (m_phase == Phase::Stopping) {
        m_due = now + m_patience.grace;  // should the system need some time for it
        return Action::Kill;
    }
    ++m_restarts;
    enter(Phase::Starting, now);
    return Action::Launch;
}

}  // namespace chancery::agent
