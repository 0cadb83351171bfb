#pragma once

#include <functional>
#include <string>

#include "node/agent/Call.h"
#include "node/agent/Engines.h"
#include "node/agent/HostFacts.h"
#include "node/agent/Supervisor.h"

namespace chancery::agent {

/// The service HostAgent.
class HostCalls {
public:
    struct Settings {
        std::string name;
        std::filesystem::path folder;  ///< where nodes are
        std::function<bool()> endsWithConsole;
        /// The agent ends as soon as it can; or, if nodes are kept, lets go of its console.
        std::function<void(bool keepNodes)> shutDown;
    };
    /// All must outlive it.
    HostCalls(Settings settings, Supervisor& supervisor, Engines& engines)
        : m_settings(std::move(settings)), m_supervisor(supervisor), m_engines(engines) {}

    Handlers handlers();

private:
    const Settings m_settings;
    Supervisor& m_supervisor;
    Engines& m_engines;
    FreePorts m_ports;
};

}  // namespace chancery::agent
