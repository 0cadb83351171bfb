#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/CaSettings.h"
#include "src/usecase/NetworkPlan.h"

namespace chancery::usecase {

/// A node of a network, or the process with the two CAs of an organisation.
struct NetworkNode {
    std::string name;  ///< "peer0.org1.example.com", "ca.org1.example.com"
    bool isPeer = true;
    bool isAuthority = false;
    std::size_t organisation = 0;  ///< index among the plan's
    std::string host;              ///< "local"
    /// What the node is started with, and its ledgers: only where it runs on this machine under
    /// the agent of this folder, else empty.
    std::filesystem::path config;
    std::filesystem::path data;
    std::filesystem::path tlsRoot;
    /// "grpc", "admin", "https", "operations" → "host:port".
    std::map<std::string, std::string> endpoints;

    /// "peer", "orderer" or "ca": the first argument of chancery-node.
    const char* kind() const { return isAuthority ? "ca" : isPeer ? "peer" : "orderer"; }
};

/// The console's side of a network. Nodes are in the care of agents; what stands in this folder:
///   network.json            what there is and where
///   crypto/                 certificates and keys of members, as cryptogen lays them out
///   nodes/<ca>/             of each CA what its clients need, see CaFolder
///   channels/<name>.block   first blocks
///   profiles/, wallets/     for standard clients
///   host/                   the agent of this machine with its nodes, when they run here
class NetworkFolder {
public:
    /// Writes what there is; nothing exists anywhere else yet. ALREADY_EXISTS (NETWORK_EXISTS);
    /// errors of checkTopology.
    static Result<NetworkFolder> create(const NetworkPlan& plan);
    /// The same for a network that was made elsewhere: its nodes listened at `endpoints`, and
    /// channels may have them under the addresses of `former`. All steps are done.
    static Result<NetworkFolder> adopt(
        const NetworkPlan& plan,
        const std::map<std::string, std::map<std::string, std::string>>& endpoints,
        const std::map<std::string, std::string>& former);
    /// NOT_FOUND (NO_NETWORK); INVALID_ARGUMENT (BAD_NETWORK); FAILED_PRECONDITION (OLD_NETWORK):
    /// made before nodes were in the care of agents.
    static Result<NetworkFolder> open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_plan.folder; }
    const NetworkPlan& plan() const { return m_plan; }
    const Topology& topology() const { return m_plan.topology; }
    /// Of its nodes at hosts, different for every network that was ever made.
    const std::string& id() const { return m_id; }
    const std::vector<PlannedHost>& hosts() const { return m_plan.hosts; }
    std::filesystem::path hostFolder() const { return folder() / "host"; }
    interfaces::NodeRef ref(const NetworkNode& node) const {
        return {.network = m_id, .node = node.name};
    }

    /// The first one.
    const ChannelId& channel() const;
    const TopologyChannel* channelNamed(const ChannelId& name) const;
    const std::vector<OrganisationFolders>& organisations() const { return m_organisations; }
    /// Peers and orderers.
    const std::vector<NetworkNode>& nodes() const { return m_nodes; }
    /// One for each organisation, in their order.
    const std::vector<NetworkNode>& authorities() const { return m_authorities; }
    const crypto::Suite& suite() const { return *m_plan.topology.suite; }
    /// Of the first channel: what a further one takes unless it is told otherwise.
    absl::Duration batchTimeout() const;
    std::uint32_t maxMessages() const;
    std::filesystem::path genesis() const { return genesis(channel()); }
    std::filesystem::path genesis(const ChannelId& channel) const;

    /// Null when there is none; finds authorities too.
    const OrganisationFolders* organisation(const std::string& name) const;
    const NetworkNode* node(const std::string& name) const;
    std::vector<const NetworkNode*> peersOf(const std::string& organisation) const;
    /// Peers of the channel's members.
    std::vector<const NetworkNode*> peersOf(const ChannelId& channel) const;
    std::vector<const NetworkNode*> orderers() const;
    /// The channel's consenters; all orderers of a channel that the topology does not name.
    std::vector<const NetworkNode*> orderersOf(const ChannelId& channel) const;
    /// Its folder with msp/ and tls/, as the members' CAs made them.
    std::filesystem::path filesOf(const NetworkNode& node) const;
    /// NOT_FOUND (NOT_STARTED) when the node has no address yet.
    Result<interfaces::NodeAddress> address(const NetworkNode& node,
                                            const std::string& endpoint = "grpc") const;

    /// Of an organisation, by its index. NOT_FOUND (NOT_STARTED); FILE_ERROR.
    Result<interfaces::CaAddress> identityCa(std::size_t organisation) const;
    Result<interfaces::CaAddress> tlsCa(std::size_t organisation) const;
    CaFolder caFolder(std::size_t organisation) const;
    CaSettings caSettings(std::size_t organisation) const;

    /// "127.0.0.1:7050" → "orderer0.ordering.example": what configurations of channels say of nodes
    /// that listen elsewhere now.
    const std::map<std::string, std::string>& formerAddresses() const { return m_former; }

    /// From now on the node listens there.
    void setEndpoints(const std::string& node, const std::map<std::string, std::string>& endpoints);
    /// An organisation or a node that joined later. INVALID_ARGUMENT (BAD_TOPOLOGY).
    Status addOrganisation(const TopologyOrganisation& organisation);
    Status addNode(const std::string& organisation, const std::string& name,
                   const std::string& host);
    /// The node is no part of it any more. NOT_FOUND (NO_SUCH_NODE).
    Status removeNode(const std::string& name);
    /// The topology's channels as they are now.
    Status setChannel(const TopologyChannel& channel);
    /// Which steps of its making are done; see CreateNetwork.
    const std::set<std::string>& done() const { return m_done; }
    void setDone(const std::string& step) { m_done.insert(step); }
    Status save() const;
    /// Everything that this class and those that use it have put there, and nothing else.
    Status remove() const;

private:
    void build();
    std::string reachedAt(const std::string& host) const;

    NetworkPlan m_plan;
    std::string m_id;
    std::vector<OrganisationFolders> m_organisations;
    std::vector<NetworkNode> m_nodes;
    std::vector<NetworkNode> m_authorities;
    std::map<std::string, std::string> m_places;  // node → host, where the plan does not say
    std::map<std::string, std::map<std::string, std::string>> m_endpoints;
    std::map<std::string, std::string> m_former;
    std::set<std::string> m_done;
};

}  // namespace chancery::usecase
