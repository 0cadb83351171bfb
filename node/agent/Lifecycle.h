#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "src/base/Status.h"

namespace chancery::agent {

enum class Phase { Stopped, Starting, Running, Stopping, WaitingToRestart, Failed };

/// How long to wait for what.
struct Patience {
    absl::Duration firstDelay = absl::Milliseconds(500);  ///< doubles each time
    absl::Duration lastDelay = absl::Seconds(60);
    /// Who served so long has recovered: the next delay is the first one again.
    absl::Duration steady = absl::Seconds(60);
    /// After asking a process to end, until it is ended by force.
    absl::Duration grace = absl::Seconds(5);
};

/// Decides about one node's process and does nothing itself: what happened goes in, what to do
/// comes out. One thread at a time.
class Lifecycle {
public:
    enum class Action { None, Launch, AskToEnd, Kill };

    explicit Lifecycle(Patience patience = {}) : m_patience(patience) {}

    /// Somebody wants it to run, or the agent that came back does.
    Action start(absl::Time now, bool byAgent = false);
    Action stop(absl::Time now);
    /// After Launch.
    void launched(absl::Time now);
    void launchFailed(absl::Time now, const std::string& why);
    void ready(absl::Time now);
    /// `isUseless`: the program said that its settings cannot be used.
    Action ended(absl::Time now, const std::string& sentence, bool isUseless);
    /// When the time of `due` has come.
    Action tick(absl::Time now);

    /// When `tick` wants to be called; nothing: no need.
    std::optional<absl::Time> due() const;

    Phase phase() const { return m_phase; }
    bool hasProcess() const {
        return m_phase == Phase::Starting || m_phase == Phase::Running ||
               m_phase == Phase::Stopping;
    }
    bool isWanted() const { return m_isWanted; }
    const std::string& problem() const { return m_problem; }
    absl::Time since() const { return m_since; }
    std::optional<absl::Time> nextStart() const;
    std::uint32_t restarts() const { return m_restarts; }

private:
    void enter(Phase phase, absl::Time now, std::string problem = {});
    void waitToRestart(absl::Time now, std::string problem);

    Patience m_patience;
    Phase m_phase = Phase::Stopped;
    absl::Time m_since;
    std::string m_problem;
    bool m_isWanted = false;
    bool m_mustServe = false;  // somebody waits: not to come up is a failure, not an accident
    std::uint32_t m_restarts = 0;
    int m_accidents = 0;  // in a row
    absl::Time m_due;     // of Stopping and WaitingToRestart
};

/// "stopped", "starting", "running", "stopping", "waiting to restart", "failed".
const char* nameOf(Phase phase);

}  // namespace chancery::agent
