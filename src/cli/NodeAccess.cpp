#include "src/cli/NodeAccess.h"

#include <algorithm>

#include "src/base/File.h"
#include "src/client/BuiltinNode.h"
#include "src/client/FabricNode.h"
#include "src/client/GrpcConnector.h"
#include "src/interfaces/ConnectionProfile.h"

namespace chancery::cli {
namespace {

using interfaces::NodeAddress;

constexpr std::uint64_t kMaxPem = 1U << 20;

Status usageOf(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "USAGE", what);
}

/// "NODE=host:port" taken apart.
Status readPlace(const std::string& text, std::map<std::string, std::string>& to) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return usageOf("an address of a node is given as NODE=host:port");
    const std::string endpoint = text.substr(equals + 1);
    RETURN_IF_ERROR(interfaces::splitEndpoint(endpoint).status());
    to[text.substr(0, equals)] = endpoint;
    return absl::OkStatus();
}

Result<interfaces::TlsIdentity> readTls(const std::filesystem::path& certificate,
                                        const std::filesystem::path& key) {
    interfaces::TlsIdentity identity;
    ASSIGN_OR_RETURN(identity.certificatePem, readFile(certificate, kMaxPem));
    ASSIGN_OR_RETURN(identity.keyPem, readFile(key, kMaxPem));
    return identity;
}

}  // namespace

NodeAccess::NodeAccess() : m_connector(std::make_unique<client::GrpcConnector>()) {}
NodeAccess::~NodeAccess() = default;

void NodeAccess::declare(CommandLine& line) {
    line.values(
        {.names = "NODE", .help = "Names of nodes; default: all of the network", .repeats = true},
        m_names);
    line.value({.names = "--network",
                .help = "Folder of a network that \"network create\" has made; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
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
    line.values({.names = "--operations",
                 .help = "With --profile: operations address of a node; may be given several times",
                 .value = "NODE=HOST:PORT"},
                m_operationsTexts);
    line.values({.names = "--participation",
                 .help = "With --profile: channel participation address of an orderer",
                 .value = "NODE=HOST:PORT"},
                m_participationTexts);
    line.value({.names = "--tls-cert",
                .help = "With --profile: shown to operations and participation",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_tlsCertificate);
    line.value({.names = "--tls-key",
                .help = "With --tls-cert: its key",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_tlsKey);
    line.value({.names = "--admin-socket",
                .help = "Instead of --network: the admin socket of a node, or of a host's agent",
                .kind = ValueKind::Path,
                .value = "FILE"},
               m_socket);
    line.value({.names = "--agent-network",
                .help = "With --admin-socket of an agent: name of the network there",
                .value = "NAME"},
               m_agentNetwork);
    m_hostsAccess.declare(line);
    line.value({.names = "--timeout",
                .help = "Seconds to wait at most; default: 30",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_seconds);
}

bool NodeAccess::isChosen(const std::string& name) const {
    return m_names.empty() || std::find(m_names.begin(), m_names.end(), name) != m_names.end();
}

Result<std::vector<NamedNode>> NodeAccess::open() {
    if (m_seconds) m_patience = std::chrono::seconds(std::min<std::uint64_t>(*m_seconds, 86'400));
    ASSIGN_OR_RETURN(auto nodes, m_socket    ? openSocket()
                                 : m_profile ? openProfile()
                                             : openFolder());
    for (const std::string& name : m_names)
        if (std::none_of(nodes.begin(), nodes.end(),
                         [&](const NamedNode& node) { return node.name == name; }))
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                             {{"node", name}});
    return nodes;
}

Result<std::vector<NamedNode>> NodeAccess::openSocket() {
    std::vector<NamedNode> nodes;
    if (!m_agentNetwork) {
        if (m_names.size() > 1) return usageOf("a node's own socket leads to that node only");
        ASSIGN_OR_RETURN(auto node, client::makeBuiltinNode(m_socket->string(),
                                                            {{"chancery-role", "administrator"},
                                                             {"chancery-caller", "local"}}));
        nodes.push_back({m_names.empty() ? "node" : m_names.front(), std::move(node)});
        return nodes;
    }
    if (m_names.empty()) return usageOf("--agent-network needs the names of nodes");
    for (const std::string& name : m_names) {
        ASSIGN_OR_RETURN(auto node, client::makeBuiltinNode(m_socket->string(),
                                                            {{"chancery-network", *m_agentNetwork},
                                                             {"chancery-node", name}}));
        nodes.push_back({name, std::move(node)});
    }
    return nodes;
}

Result<std::vector<NamedNode>> NodeAccess::openFolder() {
    ASSIGN_OR_RETURN(const auto network,
                     usecase::NetworkFolder::open(m_folder.value_or("network")));
    // Without agents Fabric's protocols are left.
    if (auto hosts = m_hostsAccess.open(network, usecase::HostSettings::Local::Never, deadline());
        hosts.ok())
        m_hosts = *std::move(hosts);
    std::vector<NamedNode> nodes;
    for (const auto& node : network.nodes()) {
        if (!isChosen(node.name)) continue;
        if (auto byAgent = agentNode(network, node)) {
            nodes.push_back({node.name, std::move(byAgent)});
            continue;
        }
        ASSIGN_OR_RETURN(auto made, folderNode(network, node));
        nodes.push_back(std::move(made));
    }
    return nodes;
}

std::shared_ptr<interfaces::Node> NodeAccess::agentNode(const usecase::NetworkFolder& network,
                                                        const usecase::NetworkNode& node) {
    if (!m_hosts) return nullptr;
    const auto host = m_hosts->host(node.host);
    if (!host.ok()) return nullptr;
    auto found = (*host)->node(network.ref(node));
    // An engine of Fabric has no admin API, and what does not run has nothing to say by it.
    const auto quickly = std::min(deadline(), deadlineIn(std::chrono::seconds(5)));
    return found && found->abilities(quickly).ok() ? found : nullptr;
}

Result<NamedNode> NodeAccess::folderNode(const usecase::NetworkFolder& network,
                                         const usecase::NetworkNode& node) {
    const auto& organisation = network.organisations()[node.organisation];
    const auto admin = organisation.user("Admin");
    client::FabricNodeAccess access;
    access.isPeer = node.isPeer;
    access.mspId = organisation.plan().mspId;
    access.channels = {network.channel()};
    ASSIGN_OR_RETURN(access.address, network.address(node));
    ASSIGN_OR_RETURN(access.operations, network.address(node, "operations"));
    if (!node.isPeer) {
        ASSIGN_OR_RETURN(access.participation, network.address(node, "admin"));
    }
    ASSIGN_OR_RETURN(access.identity, identity::loadSigningIdentity(admin / "msp", access.mspId));
    ASSIGN_OR_RETURN(access.tls, readTls(admin / "tls/client.crt", admin / "tls/client.key"));
    ASSIGN_OR_RETURN(auto made, client::makeFabricNode(*m_connector, std::move(access)));
    return NamedNode{node.name, std::move(made)};
}

Status NodeAccess::readPlaces() {
    for (const std::string& text : m_operationsTexts)
        RETURN_IF_ERROR(readPlace(text, m_operations));
    for (const std::string& text : m_participationTexts)
        RETURN_IF_ERROR(readPlace(text, m_participation));
    if (m_tlsCertificate.has_value() != m_tlsKey.has_value())
        return usageOf("--tls-cert and --tls-key belong together");
    return absl::OkStatus();
}

Result<std::vector<NamedNode>> NodeAccess::openProfile() {
    if (!m_msp || m_mspId.empty()) return usageOf("--profile needs --msp and --msp-id");
    RETURN_IF_ERROR(readPlaces());
    ASSIGN_OR_RETURN(const auto profile, interfaces::readConnectionProfileFile(*m_profile));
    ASSIGN_OR_RETURN(const auto identity, identity::loadSigningIdentity(*m_msp, MspId(m_mspId)));
    std::vector<NamedNode> nodes;
    for (const auto& [name, address] : profile.peers) {
        if (!isChosen(name)) continue;
        MspId owner;
        for (const auto& [organisation, members] : profile.organisations)
            if (std::find(members.peers.begin(), members.peers.end(), name) != members.peers.end())
                owner = members.mspId;
        std::vector<ChannelId> channels;
        for (const auto& [channel, members] : profile.channels)
            if (std::find(members.peers.begin(), members.peers.end(), name) != members.peers.end())
                channels.push_back(channel);
        ASSIGN_OR_RETURN(auto made, profileNode(address, owner, true, identity, channels));
        nodes.push_back(std::move(made));
    }
    for (const auto& [name, address] : profile.orderers) {
        if (!isChosen(name)) continue;
        std::vector<ChannelId> channels;
        for (const auto& [channel, members] : profile.channels)
            if (std::find(members.orderers.begin(), members.orderers.end(), name) !=
                members.orderers.end())
                channels.push_back(channel);
        ASSIGN_OR_RETURN(auto made, profileNode(address, {}, false, identity, channels));
        nodes.push_back(std::move(made));
    }
    return nodes;
}

Result<NamedNode> NodeAccess::profileNode(const NodeAddress& address, const MspId& mspId,
                                          bool isPeer, const identity::SigningIdentityPtr& identity,
                                          const std::vector<ChannelId>& channels) {
    client::FabricNodeAccess access;
    access.isPeer = isPeer;
    access.mspId = mspId;
    access.address = address;
    access.channels = channels;
    access.identity = identity;
    if (const auto at = m_operations.find(address.name); at != m_operations.end()) {
        access.operations = address;
        access.operations->endpoint = at->second;
    }
    if (const auto at = m_participation.find(address.name); at != m_participation.end()) {
        access.participation = address;
        access.participation->endpoint = at->second;
    }
    if (m_tlsCertificate) {
        ASSIGN_OR_RETURN(access.tls, readTls(*m_tlsCertificate, *m_tlsKey));
    }
    ASSIGN_OR_RETURN(auto made, client::makeFabricNode(*m_connector, std::move(access)));
    return NamedNode{address.name, std::move(made)};
}

}  // namespace chancery::cli
