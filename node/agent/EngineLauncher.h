#pragma once

#include "node/agent/Engines.h"
#include "node/agent/Launcher.h"
#include "node/agent/StateFolder.h"

namespace chancery::agent {

/// Starts nodes with the programs of this host, in their folders. A node ends with the agent,
/// however that ends, and what it has started ends with it.
class EngineLauncher final : public Launcher {
public:
    /// Both must outlive it.
    EngineLauncher(const StateFolder& state, Engines& engines)
        : m_state(state), m_engines(engines) {}

    Result<std::unique_ptr<NodeProcess>> launch(const Manifest& node,
                                                ProcessEvents events) override;
    bool isUseless(const Manifest& node, const process::ExitReason& exit) const override;

private:
    const StateFolder& m_state;
    Engines& m_engines;
};

/// Endpoints by name from the details of our nodes' READY line. Total: what is not understood is
/// left out.
std::map<std::string, std::string> endpointsOf(std::string_view readyDetails);

}  // namespace chancery::agent
