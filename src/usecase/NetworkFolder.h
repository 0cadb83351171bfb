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
#include "src/usecase/CaSettings.h"
#include "src/usecase/OrganisationFolders.h"

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
    /// Of identities; TLS is always ECDSA. Real Fabric nodes and clients do not understand SM2.
    const crypto::Suite* suite = &crypto::ecdsaP256();
};

/// One orderer and two organisations with a peer each.
NetworkPlan twoOrganisations(const std::filesystem::path& folder);

/// A node of a network in a folder, or the process with the two CAs of an organisation.
struct NetworkNode {
    std::string name;  ///< "peer0.org1.example.com", "ca.org1.example.com"
    bool isPeer = true;
    bool isAuthority = false;
    std::size_t organisation = 0;  ///< index among the plan's
    std::filesystem::path config;  ///< what chancery-node is started with
    std::filesystem::path data;
    std::filesystem::path tlsRoot;
    /// "grpc", "admin", "https", "operations" → "host:port"; empty before the first start.
    std::map<std::string, std::string> endpoints;

    /// "peer", "orderer" or "ca": the first argument of chancery-node.
    const char* kind() const { return isAuthority ? "ca" : isPeer ? "peer" : "orderer"; }
};

/// What stands in a network's folder:
///   network.json            what there is and where
///   crypto/                 certificates and keys of members, as cryptogen lays them out
///   nodes/<name>/           node.yaml and data/ of each node; of CAs what CaFolder says
///   channels/<name>.block   first blocks
///   profiles/, wallets/     for standard clients
class NetworkFolder {
public:
    /// Writes settings; EnrolOrganisation brings the members. ALREADY_EXISTS (NETWORK_EXISTS);
    /// errors of CaFolder::create.
    static Result<NetworkFolder> create(const NetworkPlan& plan);
    /// NOT_FOUND (NO_NETWORK); INVALID_ARGUMENT (BAD_NETWORK).
    static Result<NetworkFolder> open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_folder; }
    const ChannelId& channel() const { return m_channel; }
    const std::vector<OrganisationFolders>& organisations() const { return m_organisations; }
    /// Peers and orderers.
    const std::vector<NetworkNode>& nodes() const { return m_nodes; }
    /// One for each organisation, in their order.
    const std::vector<NetworkNode>& authorities() const { return m_authorities; }
    const crypto::Suite& suite() const { return *m_suite; }
    absl::Duration batchTimeout() const { return m_batchTimeout; }
    std::uint32_t maxMessages() const { return m_maxMessages; }
    std::filesystem::path genesis() const;

    /// Null when there is none; finds authorities too.
    const OrganisationFolders* organisation(const std::string& name) const;
    const NetworkNode* node(const std::string& name) const;
    std::vector<const NetworkNode*> peersOf(const std::string& organisation) const;
    std::vector<const NetworkNode*> orderers() const;
    /// NOT_FOUND (NOT_STARTED) when the node has never run.
    Result<interfaces::NodeAddress> address(const NetworkNode& node,
                                            const std::string& endpoint = "grpc") const;

    /// Of an organisation, by its index. NOT_FOUND (NOT_STARTED); FILE_ERROR.
    Result<interfaces::CaAddress> identityCa(std::size_t organisation) const;
    Result<interfaces::CaAddress> tlsCa(std::size_t organisation) const;
    CaFolder caFolder(std::size_t organisation) const;

    /// From now on the node listens there; its settings are written anew.
    Status setEndpoints(const std::string& node,
                        const std::map<std::string, std::string>& endpoints);
    Status save() const;

private:
    std::string configOf(const NetworkNode& node) const;
    CaSettings caSettings(const NetworkNode& node) const;

    std::filesystem::path m_folder;
    ChannelId m_channel;
    std::vector<OrganisationFolders> m_organisations;
    std::vector<NetworkNode> m_nodes;
    std::vector<NetworkNode> m_authorities;
    const crypto::Suite* m_suite = &crypto::ecdsaP256();
    absl::Duration m_batchTimeout;
    std::uint32_t m_maxMessages = 500;
    std::filesystem::path m_nodeModules;
};

}  // namespace chancery::usecase
