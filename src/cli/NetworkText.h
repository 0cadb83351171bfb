#pragma once

#include <chrono>
#include <string>

#include "src/cli/Session.h"
#include "src/usecase/CreateNetwork.h"

namespace chancery::cli {

/// "12 ms".
std::string milliseconds(std::chrono::nanoseconds time);

/// Tells each step with its time, and the time since the beginning.
class Steps {
public:
    explicit Steps(Session& session) : m_session(session) {}

    usecase::StepListener listener();
    void tell(const std::string& what, std::chrono::nanoseconds took);
    std::chrono::nanoseconds sinceStart() const {
        return std::chrono::steady_clock::now() - m_began;
    }

private:
    Session& m_session;
    const std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

void tellAddresses(Session& session, const usecase::NetworkFolder& network);
/// That real Fabric does not understand its suite, when it does not.
void tellSuite(Session& session, const usecase::NetworkFolder& network);
/// The lines by which Fabric's own tools would do it.
void tellFabricCommands(Session& session, const usecase::NetworkPlan& plan);

/// "running", "waiting to restart" …
std::string_view nameOf(interfaces::NodePhase phase);
Json toJson(const interfaces::NodeState& state);

}  // namespace chancery::cli
