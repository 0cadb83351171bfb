#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/agent/Engines.h"
#include "node/agent/Lifecycle.h"
#include "src/base/Status.h"
#include "src/rpc/Endpoint.h"

namespace chancery::agent {

struct AgentSettings {
    std::filesystem::path state;
    std::optional<rpc::Endpoint> listen;  ///< for others than this machine's user
    bool isDetached = false;
    std::string name;  ///< for people; empty: the machine's
    EnginePlaces engines;
    Patience patience;
};

/// The whole agent. Serves when it was made.
class Agent {
public:
    /// `shutDown` is called when somebody asks for it: with `keepNodes`, the agent stays without
    /// its console. The error says which step failed.
    static Result<std::unique_ptr<Agent>> start(const AgentSettings& settings,
                                                std::function<void(bool keepNodes)> shutDown);
    ~Agent();

    /// "local": its socket; "grpc": where it listens for others.
    std::vector<std::pair<std::string, std::string>> endpoints() const;
    /// How many have come so far.
    std::uint64_t calls() const;
    /// Ends all nodes and takes no more calls.
    void stop();

private:
    struct Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

}  // namespace chancery::agent
