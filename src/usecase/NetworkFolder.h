#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/CreateCryptoMaterial.h"

namespace chancery::usecase {

/// A network that is to be made on this machine.
struct NetworkPlan {
    std::filesystem::path folder;  ///< everything goes below it
    ChannelId channel{"mychannel"};
    std::vector<OrganisationPlan> organisations;
    absl::Duration batchTimeout = absl::Milliseconds(50);
    std::uint32_t maxMessages = 500;
    /// "peer0.org1.example.com" → first of the ports of that node; without: any free ones.
    std::map<std::string, std::uint16_t> ports;
    std::filesystem::path nodeModules;  ///< for contracts in Node.js; may be empty
};

/// One orderer and two organisations with a peer each.
NetworkPlan twoOrganisations(const std::filesystem::path& folder);

/// A node of a network in a folder.
struct NetworkNode {
    std::string name;  ///< "peer0.org1.example.com"
    bool isPeer = true;
    std::size_t organisation = 0;  ///< index among the plan's
    std::filesystem::path config;  ///< what chancery-node is started with
    std::filesystem::path data;
    std::filesystem::path tlsRoot;
    /// "grpc", "admin", "operations" → "host:port"; empty before the first start.
    std::map<std::string, std::string> endpoints;
};

/// What stands in a network's folder:
///   network.json            what there is and where
///   crypto/                 certificates and keys, as cryptogen lays them out
///   nodes/<name>/           node.yaml and data/ of each node
///   channels/<name>.block   first blocks
///   profiles/, wallets/     for standard clients
class NetworkFolder {
public:
    /// Makes crypto material and settings. ALREADY_EXISTS when there is a network;
    /// errors of CreateCryptoMaterial.
    static Result<NetworkFolder> create(const NetworkPlan& plan, absl::Time now);
    /// NOT_FOUND (NO_NETWORK); INVALID_ARGUMENT (BAD_NETWORK).
    static Result<NetworkFolder> open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_folder; }
    const ChannelId& channel() const { return m_channel; }
    const std::vector<OrganisationFolders>& organisations() const { return m_organisations; }
    const std::vector<NetworkNode>& nodes() const { return m_nodes; }
    absl::Duration batchTimeout() const { return m_batchTimeout; }
    std::uint32_t maxMessages() const { return m_maxMessages; }
    std::filesystem::path genesis() const;

    /// Null when there is none.
    const OrganisationFolders* organisation(const std::string& name) const;
    const NetworkNode* node(const std::string& name) const;
    std::vector<const NetworkNode*> peersOf(const std::string& organisation) const;
    std::vector<const NetworkNode*> orderers() const;
    /// NOT_FOUND (NOT_STARTED) when the node has never run.
    Result<interfaces::NodeAddress> address(const NetworkNode& node,
                                            const std::string& endpoint = "grpc") const;

    /// From now on the node listens there; its settings are written anew.
    Status setEndpoints(const std::string& node,
                        const std::map<std::string, std::string>& endpoints);
    Status save() const;

private:
    Status writeConfig(const NetworkNode& node) const;

    std::filesystem::path m_folder;
    ChannelId m_channel;
    std::vector<OrganisationFolders> m_organisations;
    std::vector<NetworkNode> m_nodes;
    absl::Duration m_batchTimeout;
    std::uint32_t m_maxMessages = 500;
    std::filesystem::path m_nodeModules;
};

}  // namespace chancery::usecase
