#pragma once

#include <stop_token>

#include "node/agent/Engines.h"
#include "node/agent/Supervisor.h"

namespace chancery::agent {

/// Other versions of a node's engine. Before each change the node's folder is copied, so that the
/// version before finds its data as it left them.
class Versions {
public:
    /// All must outlive it.
    Versions(const StateFolder& state, Supervisor& supervisor, Engines& engines)
        : m_state(state), m_supervisor(supervisor), m_engines(engines) {}

    /// NOT_FOUND (NODE_NOT_FOUND, VERSION_NOT_FOUND), ABORTED (UPGRADE_ROLLED_BACK).
    Status upgrade(const NodeName& name, const std::string& version, Deadline deadline,
                   std::stop_token stop);
    /// FAILED_PRECONDITION (NO_PREVIOUS_VERSION).
    Status rollBack(const NodeName& name, Deadline deadline, std::stop_token stop);
    bool hasPrevious(const NodeName& name) const;

private:
    Status keepPrevious(const NodeName& name) const;
    Status restorePrevious(const NodeName& name);

    const StateFolder& m_state;
    Supervisor& m_supervisor;
    Engines& m_engines;
};

}  // namespace chancery::agent
