#include "src/cli/NetworkAccess.h"

#include <algorithm>

#include "src/base/File.h"
#include "src/client/GrpcConnector.h"
#include "src/interfaces/ConnectionProfile.h"

namespace chancery::cli {

using interfaces::NodeAddress;

NetworkAccess::NetworkAccess() : m_connector(std::make_unique<client::GrpcConnector>()) {}
NetworkAccess::~NetworkAccess() = default;

void NetworkAccess::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of a network that \"network create\" has made; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--org", .help = "As a member of this organisation", .value = "NAME"},
               m_organisation);
    line.value({.names = "--user", .help = "As this user: Admin, User1 …", .value = "NAME"},
               m_user);
    line.value({.names = "--profile",
                .help = "Instead of --network: a common connection profile, JSON or YAML",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_profile);
    line.value({.names = "--msp",
                .help = "With --profile: MSP folder of the user, with its key",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_msp);
    line.value({.names = "--msp-id", .help = "With --profile: its MSP id", .value = "ID"}, m_mspId);
    line.value({.names = "--identity",
                .help = "Instead of --user and --msp: an identity of the workspace",
                .value = "LABEL"},
               m_walletIdentity);
    m_workspace.declareOptional(line);
    line.value({.names = "-C,--channel",
                .help = "Name of the channel; default: the network's own",
                .value = "NAME"},
               m_channelName);
    line.values({.names = "--peer",
                 .help = "Only these peers, by name; may be given several times",
                 .value = "NAME"},
                m_peers);
    line.value({.names = "--timeout",
                .help = "Seconds to wait at most; default: 30",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_seconds);
}

Status NetworkAccess::open() {
    if (m_seconds) m_patience = std::chrono::seconds(std::min<std::uint64_t>(*m_seconds, 86'400));
    RETURN_IF_ERROR(m_profile ? openProfile() : openFolder());
    RETURN_IF_ERROR(openWorkspace());
    if (m_channelName) m_channel = ChannelId(*m_channelName);
    return choosePeers();
}

Status NetworkAccess::openFolder() {
    ASSIGN_OR_RETURN(m_network, usecase::NetworkFolder::open(m_folder.value_or("network")));
    usecase::CreateNetwork create(*m_connector, deadline());
    m_channel = m_channelName ? ChannelId(*m_channelName) : m_network->channel();
    const usecase::TopologyChannel* known = m_network->channelNamed(m_channel);
    if (m_organisation.empty() && known != nullptr) m_organisation = known->members.front();
    if (m_organisation.empty())
        for (const auto& organisation : m_network->organisations())
            if (m_organisation.empty() && !m_network->peersOf(organisation.plan().name).empty())
                m_organisation = organisation.plan().name;
    ASSIGN_OR_RETURN(const auto context, create.actAs(*m_network, m_organisation, m_user));
    m_identity = context.identity;
    ASSIGN_OR_RETURN(m_ownPeers, create.peers(*m_network, m_organisation));
    ASSIGN_OR_RETURN(m_allPeers, create.peersOf(*m_network, m_channel));
    ASSIGN_OR_RETURN(m_orderers, create.orderers(*m_network, m_channel));
    for (const usecase::NetworkNode& node : m_network->nodes())
        if (node.isPeer) {
            ASSIGN_OR_RETURN(auto address, m_network->address(node));
            m_everyPeer.push_back(std::move(address));
        }
    return absl::OkStatus();
}

Status NetworkAccess::openWorkspace() {
    if (!m_walletIdentity && !m_workspace.given()) return absl::OkStatus();
    if (!m_walletIdentity)
        return makeError(StatusCode::kInvalidArgument, "USAGE", "--workspace needs --identity");
    if (m_workspaceOpen) return absl::OkStatus();
    RETURN_IF_ERROR(m_workspace.unlock());
    ASSIGN_OR_RETURN(m_identity, m_workspace.wallet().identities().signing(*m_walletIdentity));
    m_workspaceOpen = true;
    return absl::OkStatus();
}

Status NetworkAccess::openProfile() {
    if (!m_walletIdentity && (!m_msp || m_mspId.empty()))
        return makeError(StatusCode::kInvalidArgument, "USAGE",
                         "--profile needs --msp and --msp-id, or --workspace and --identity");
    ASSIGN_OR_RETURN(const auto profile, interfaces::readConnectionProfileFile(*m_profile));
    if (m_walletIdentity) {
        RETURN_IF_ERROR(openWorkspace());
        m_mspId = m_identity->mspId().str();
    } else {
        ASSIGN_OR_RETURN(m_identity, identity::loadSigningIdentity(*m_msp, MspId(m_mspId)));
    }
    for (const auto& [name, organisation] : profile.organisations) {
        bool first = true;
        for (const std::string& peer : organisation.peers) {
            const auto found = profile.peers.find(peer);
            if (found == profile.peers.end()) continue;
            m_everyPeer.push_back(found->second);
            if (first) m_allPeers.push_back(found->second);
            first = false;
            if (organisation.mspId.str() == m_mspId) m_ownPeers.push_back(found->second);
        }
    }
    for (const auto& [name, orderer] : profile.orderers) m_orderers.push_back(orderer);
    if (!profile.channels.empty()) m_channel = profile.channels.begin()->first;
    return absl::OkStatus();
}

Status NetworkAccess::choosePeers() {
    if (m_peers.empty()) return absl::OkStatus();
    std::vector<NodeAddress> chosen;
    for (const std::string& name : m_peers) {
        std::vector<NodeAddress> known = m_allPeers;
        known.insert(known.end(), m_ownPeers.begin(), m_ownPeers.end());
        const auto found = std::find_if(known.begin(), known.end(), [&](const NodeAddress& peer) {
            return peer.name == name || peer.endpoint == name;
        });
        if (found == known.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no peer " + name,
                             {{"node", name}});
        chosen.push_back(*found);
    }
    m_ownPeers = m_allPeers = chosen;
    return absl::OkStatus();
}

std::vector<NodeAddress> NetworkAccess::everyPeer() const {
    return m_everyPeer;
}

Status NetworkAccess::openIdentity() {
    if (m_msp && !m_profile && !m_folder) {
        if (m_mspId.empty())
            return makeError(StatusCode::kInvalidArgument, "USAGE", "--msp needs --msp-id");
        ASSIGN_OR_RETURN(m_identity, identity::loadSigningIdentity(*m_msp, MspId(m_mspId)));
        return absl::OkStatus();
    }
    if (m_walletIdentity && !m_profile && !m_folder) return openWorkspace();
    return open();
}

Result<std::vector<NetworkAccess::OrdererAdmin>> NetworkAccess::ordererAdmins() const {
    if (!m_network)
        return makeError(StatusCode::kFailedPrecondition, "NO_ADMIN_ADDRESS",
                         "a connection profile does not say where orderers are administered");
    std::vector<OrdererAdmin> admins;
    for (const usecase::NetworkNode* node : m_network->orderers()) {
        const auto chosen =
            std::find_if(m_orderers.begin(), m_orderers.end(),
                         [&](const NodeAddress& orderer) { return orderer.name == node->name; });
        if (chosen == m_orderers.end()) continue;
        OrdererAdmin admin;
        ASSIGN_OR_RETURN(admin.address, m_network->address(*node, "admin"));
        const auto tls = m_network->organisations()[node->organisation].user("Admin") / "tls";
        ASSIGN_OR_RETURN(admin.identity.certificatePem, readFile(tls / "client.crt", 1U << 20));
        ASSIGN_OR_RETURN(admin.identity.keyPem, readFile(tls / "client.key", 1U << 20));
        admins.push_back(std::move(admin));
    }
    return admins;
}

usecase::FabricNodePlace NetworkAccess::placeOf(const NodeAddress& node) const {
    if (m_network)
        if (const usecase::NetworkNode* known = m_network->node(node.name))
            return {node.endpoint, known->tlsRoot.string()};
    return {node.endpoint, node.name + "-tls-roots.pem"};
}

usecase::FabricPlace NetworkAccess::place() const {
    usecase::FabricPlace place;
    place.channel = m_channel.str();
    place.mspId = m_identity ? m_identity->mspId().str() : m_mspId;
    if (m_msp) place.mspFolder = m_msp->string();
    for (const NodeAddress& peer : m_ownPeers) place.ownPeers.push_back(placeOf(peer));
    for (const NodeAddress& peer : m_allPeers) place.allPeers.push_back(placeOf(peer));
    for (const NodeAddress& orderer : m_orderers) place.orderers.push_back(placeOf(orderer));
    if (!m_network) return place;
    if (const auto* organisation = m_network->organisation(m_organisation); organisation && !m_msp)
        place.mspFolder = (organisation->user(m_user) / "msp").string();
    for (const usecase::NetworkNode* node : m_network->orderers()) {
        const auto address = m_network->address(*node, "admin");
        if (!address.ok()) continue;
        place.orderersAdmin.push_back({address->endpoint, node->tlsRoot.string()});
        const auto tls = m_network->organisations()[node->organisation].user("Admin") / "tls";
        place.adminCertificate = (tls / "client.crt").string();
        place.adminKey = (tls / "client.key").string();
    }
    return place;
}

usecase::TransactionContext NetworkAccess::context() const {
    return {.connector = *m_connector, .identity = m_identity};
}

interfaces::Connector& NetworkAccess::connector() const {
    return *m_connector;
}

}  // namespace chancery::cli
