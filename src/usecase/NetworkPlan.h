#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "src/interfaces/Host.h"
#include "src/usecase/Topology.h"

namespace chancery::usecase {

/// A machine that takes nodes of a network.
struct PlannedHost {
    std::string name = "local";
    /// Empty: the agent of this machine, started when it is needed.
    interfaces::HostAddress address = {};
    /// Where its nodes listen and are called: an address or name of that machine.
    std::string reachedAt = "127.0.0.1";
    /// Of what the topology calls hosts; what no host takes is on the first.
    std::vector<std::string> zones = {};

    bool isLocal() const { return address.endpoint.empty() && address.socket.empty(); }
};

/// A network that is to be made.
struct NetworkPlan {
    std::filesystem::path folder;  ///< everything of the console goes below it
    Topology topology;
    std::vector<PlannedHost> hosts{PlannedHost{}};
    /// "peer0.org1.example.com" → first of the ports of that node; without: those of the topology,
    /// or any free ones.
    std::map<std::string, std::uint16_t> ports = {};
    std::filesystem::path nodeModules = {};  ///< for contracts in Node.js; may be empty
    std::string logSpec = "warn";
};

/// One orderer and two organisations with a peer each; channel "mychannel".
Topology twoOrganisationsTopology();
NetworkPlan twoOrganisations(const std::filesystem::path& folder);

/// One process of a plan.
struct PreviewNode {
    std::string name;
    std::string kind;  ///< "peer", "orderer", "ca"
    std::string organisation;
    std::string host;
    /// "grpc" → "127.0.0.1:7051"; port 0: any free one.
    std::map<std::string, std::string> endpoints;
    std::uint64_t memoryBytes = 0;  ///< resident, as an idle node of that kind was measured
};

/// What will be started, before anything is.
struct NetworkPreview {
    std::vector<PreviewNode> nodes;
    std::uint64_t contractHosts = 0;  ///< processes that peers will start for contracts
    std::uint64_t memoryBytes = 0;    ///< of all, contracts included
    /// By host.
    std::map<std::string, interfaces::HostNeeds> needs;
};
NetworkPreview previewOf(const NetworkPlan& plan);

/// The names of a node's endpoints by its kind, in the order of its ports.
const std::vector<std::string>& endpointNames(const std::string& kind);

/// "local", or the host that takes the zone of the node.
std::string hostNameOf(const NetworkPlan& plan, const std::string& node);

}  // namespace chancery::usecase
