#include "src/usecase/CreateNetwork.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "src/base/File.h"
#include "src/crypto/Secret.h"
#include "src/interfaces/Node.h"
#include "src/usecase/CreateGenesis.h"
#include "src/usecase/EnrolOrganisation.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/InParallel.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/NodeFiles.h"

namespace chancery::usecase {
namespace {

using interfaces::NodeAddress;

constexpr std::uint64_t kMostPem = 1U << 20;
constexpr std::chrono::seconds kRemovePatience{30};

// What stands in network.json when a part of the bring-up is done.
constexpr const char* kMembers = "members";
constexpr const char* kChannels = "channels";
constexpr const char* kMade = "made";

Result<ChannelEndpoint> channelEndpoint(const NetworkNode& node) {
    const auto found = node.endpoints.find("grpc");
    ASSIGN_OR_RETURN(auto parts,
                     interfaces::splitEndpoint(found == node.endpoints.end() ? "" : found->second));
    return ChannelEndpoint{.host = std::move(parts.host), .port = parts.port};
}

Status whatHostLacks(const std::string& host,
                     const std::vector<interfaces::HostFinding>& findings) {
    for (const interfaces::HostFinding& finding : findings)
        if (finding.prevents)
            return makeError(StatusCode::kFailedPrecondition, "PREFLIGHT_FAILED",
                             fmt::format("host {}: {}", host, finding.sentence),
                             {{"host", host}, {"finding", finding.reason}});
    return absl::OkStatus();
}

}  // namespace

CreateNetwork::CreateNetwork(interfaces::Connector& connector, Deadline deadline,
                             StepListener listener, const Clock& clock, std::stop_token stop)
    : m_connector(connector),
      m_deadline(deadline),
      m_listener(std::move(listener)),
      m_clock(clock),
      m_stop(std::move(stop)) {}

Status CreateNetwork::step(std::uint32_t number, const std::string& what,
                           const std::function<Status()>& work) {
    if (m_stop.stop_requested())
        return makeError(StatusCode::kCancelled, "STOPPED", "stopped before: " + what);
    const auto tell = [&](std::optional<std::chrono::nanoseconds> took) {
        const std::lock_guard lock(m_mutex);
        if (m_listener) m_listener({.what = what, .number = number, .of = m_steps, .took = took});
    };
    tell(std::nullopt);
    const auto began = std::chrono::steady_clock::now();
    const Status status = work();
    if (status.ok()) tell(std::chrono::steady_clock::now() - began);
    return withContext(status, what);
}

Result<std::unique_ptr<RunningNetwork>> CreateNetwork::begin(const NetworkPlan& plan,
                                                             const HostsOpener& open) {
    auto left = NetworkFolder::open(plan.folder);
    if (left.ok() && left->done().contains(kMade))
        return makeError(StatusCode::kAlreadyExists, "NETWORK_EXISTS",
                         "there is a network in " + plan.folder.string(),
                         {{"path", plan.folder.string()}});
    if (!left.ok() && reasonOf(left.status()) != "NO_NETWORK") return left.status();
    if (left.ok() && left->done().contains(kMembers)) {
        ASSIGN_OR_RETURN(auto hosts, open(*left));
        return std::make_unique<RunningNetwork>(*std::move(left), std::move(hosts));
    }
    if (left.ok()) {
        // Half of its members are no use: secrets of the others are used up.
        ASSIGN_OR_RETURN(auto hosts, open(*left));
        RunningNetwork half(*std::move(left), std::move(hosts));
        RETURN_IF_ERROR(remove(half, m_deadline));
    }
    ASSIGN_OR_RETURN(auto folder, NetworkFolder::create(plan));
    ASSIGN_OR_RETURN(auto hosts, open(folder));
    auto network = std::make_unique<RunningNetwork>(std::move(folder), std::move(hosts));
    RETURN_IF_ERROR(choosePorts(*network));
    return network;
}

Status CreateNetwork::choosePorts(RunningNetwork& network) const {
    const NetworkPreview preview = previewOf(network.folder().plan());
    std::vector<std::string> hosts;
    for (const auto& [host, needs] : preview.needs) hosts.push_back(host);
    std::mutex mutex;
    std::map<std::string, std::vector<std::uint16_t>> free;
    RETURN_IF_ERROR(inParallel<std::string>(hosts, [&](const std::string& name) -> Status {
        ASSIGN_OR_RETURN(interfaces::Host* const host, network.hosts().host(name));
        const interfaces::HostNeeds& needs = preview.needs.at(name);
        ASSIGN_OR_RETURN(const auto findings, host->preflight(needs, m_deadline));
        RETURN_IF_ERROR(whatHostLacks(name, findings));
        const auto open = std::ranges::count_if(
            needs.endpoints, [](const std::string& one) { return one.ends_with(":0"); });
        if (open == 0) return absl::OkStatus();
        ASSIGN_OR_RETURN(auto ports, host->freePorts(static_cast<std::uint32_t>(open), m_deadline));
        const std::lock_guard lock(mutex);
        free[name] = std::move(ports);
        return absl::OkStatus();
    }));
    for (const PreviewNode& node : preview.nodes) {
        std::map<std::string, std::string> chosen = node.endpoints;
        std::vector<std::uint16_t>& ports = free[node.host];
        for (auto& [kind, endpoint] : chosen)
            if (endpoint.ends_with(":0") && !ports.empty()) {
                endpoint =
                    fmt::format("{}:{}", endpoint.substr(0, endpoint.size() - 2), ports.back());
                ports.pop_back();
            }
        network.folder().setEndpoints(node.name, chosen);
    }
    return network.folder().save();
}

Result<std::unique_ptr<RunningNetwork>> CreateNetwork::run(const NetworkPlan& plan,
                                                           const HostsOpener& open,
                                                           interfaces::CaConnector& cas) {
    m_steps = 7;
    std::unique_ptr<RunningNetwork> network;
    RETURN_IF_ERROR(step(1, "open the hosts", [&]() -> Status {
        ASSIGN_OR_RETURN(network, begin(plan, open));
        return absl::OkStatus();
    }));
    const Status finished = finish(*network, cas);
    if (finished.ok()) return network;
    if (m_stop.stop_requested()) {
        const Status removed = remove(*network, deadlineIn(kRemovePatience));
        if (!removed.ok()) return withContext(removed, "remove what was made");
    }
    return finished;
}

Status CreateNetwork::finish(RunningNetwork& network, interfaces::CaConnector& cas) {
    NetworkFolder& folder = network.folder();
    if (!folder.done().contains(kMembers)) {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < folder.organisations().size(); ++i) all.push_back(i);
        RETURN_IF_ERROR(enrol(network, all, cas));
        folder.setDone(kMembers);
        RETURN_IF_ERROR(folder.save());
    }
    const auto& channels = folder.topology().channels;
    // Neither waits for the other: first blocks name addresses, which are known.
    std::vector<std::function<Status()>> both{
        [&] {
            return step(4, "start the nodes", [&]() -> Status {
                std::vector<std::string> nodes;
                for (const NetworkNode& node : folder.nodes()) nodes.push_back(node.name);
                RETURN_IF_ERROR(startNodes(network, nodes));
                // A network that was left unfinished.
                return network.startAll(m_deadline, m_stop);
            });
        },
        [&] {
            return step(5, "make the channels' first blocks", [&] {
                return inParallel<TopologyChannel>(channels, [&](const TopologyChannel& channel) {
                    return makeChannel(folder, channel);
                });
            });
        }};
    if (folder.done().contains(kChannels)) both.pop_back();
    RETURN_IF_ERROR(inParallel<std::function<Status()>>(
        both, [](const std::function<Status()>& work) { return work(); }));
    RETURN_IF_ERROR(step(6, "join the channels", [&] {
        return inParallel<TopologyChannel>(channels, [&](const TopologyChannel& channel) {
            return joinChannel(network, channel);
        });
    }));
    folder.setDone(kChannels);
    RETURN_IF_ERROR(folder.save());
    std::vector<std::pair<TopologyContract, ChannelId>> contracts;
    for (const TopologyChannel& channel : channels)
        for (const TopologyContract& contract : channel.contracts)
            contracts.emplace_back(contract, channel.name);
    RETURN_IF_ERROR(step(7, "deploy the contracts", [&] {
        return inParallel<std::pair<TopologyContract, ChannelId>>(
            contracts, [&](const std::pair<TopologyContract, ChannelId>& one) -> Status {
                ASSIGN_OR_RETURN(const auto contract, contractOf(one.first, one.second));
                return withContext(deploy(folder, contract),
                                   fmt::format("{} on {}", one.first.name, one.second.str()));
            });
    }));
    RETURN_IF_ERROR(writeProfiles(folder));
    folder.setDone(kMade);
    return folder.save();
}

Status CreateNetwork::remove(RunningNetwork& network, Deadline deadline) {
    RETURN_IF_ERROR(network.removeAll(deadline));
    RETURN_IF_ERROR(network.hosts().endLocal(deadline));
    return network.folder().remove();
}

Status CreateNetwork::enrol(RunningNetwork& network, const std::vector<std::size_t>& organisations,
                            interfaces::CaConnector& cas) {
    const NetworkFolder& folder = network.folder();
    RETURN_IF_ERROR(step(2, "start the certificate authorities", [&]() -> Status {
        std::vector<interfaces::NodePlan> plans;
        std::vector<std::string> names;
        for (const std::size_t i : organisations) {
            ASSIGN_OR_RETURN(auto plan, NodeFiles(folder).newAuthority(folder.authorities()[i]));
            names.push_back(plan.ref.node);
            plans.push_back(std::move(plan));
        }
        Status status = network.apply(plans, m_deadline);
        for (interfaces::NodePlan& plan : plans)
            for (interfaces::PlannedFile& file : plan.files)
                if (file.secret) crypto::wipe(file.content);
        RETURN_IF_ERROR(status);
        return network.start(names, m_deadline, m_stop);
    }));
    return step(3, "enrol the members", [&] {
        return inParallel<std::size_t>(organisations, [&](const std::size_t& i) -> Status {
            OrganisationCas at;
            at.suite = &folder.suite();
            at.registrar = kRegistrar;
            ASSIGN_OR_RETURN(at.identities, folder.identityCa(i));
            ASSIGN_OR_RETURN(at.tls, folder.tlsCa(i));
            ASSIGN_OR_RETURN(at.secret, folder.caFolder(i).secret());
            const Status enrolled =
                EnrolOrganisation(cas, m_deadline).run(folder.organisations()[i], at);
            crypto::wipe(at.secret);
            return enrolled;
        });
    });
}

Status CreateNetwork::startNodes(RunningNetwork& network, const std::vector<std::string>& nodes) {
    std::vector<interfaces::NodePlan> plans;
    for (const std::string& name : nodes) {
        const NetworkNode* node = network.folder().node(name);
        if (node == nullptr)
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                             {{"node", name}});
        if (node->isAuthority) continue;
        ASSIGN_OR_RETURN(auto plan, NodeFiles(network.folder()).member(*node));
        plans.push_back(std::move(plan));
    }
    Status status = network.apply(plans, m_deadline);
    for (interfaces::NodePlan& plan : plans)
        for (interfaces::PlannedFile& file : plan.files)
            if (file.secret) crypto::wipe(file.content);
    RETURN_IF_ERROR(status);
    return network.start(nodes, m_deadline, m_stop);
}

Status CreateNetwork::makeChannel(const NetworkFolder& network,
                                  const TopologyChannel& channel) const {
    std::error_code error;
    if (std::filesystem::exists(network.genesis(channel.name), error)) return absl::OkStatus();
    GenesisRequest request;
    request.channel = channel.name;
    request.batchTimeout = channel.batchTimeout;
    request.maxMessages = channel.maxMessages;
    request.preferredMaxBytes = channel.preferredMaxBytes;
    request.applicationPolicies = channel.policies;
    request.now = m_clock.now();
    for (std::size_t i = 0; i < network.organisations().size(); ++i) {
        const OrganisationFolders& from = network.organisations()[i];
        const bool peers = from.plan().kind == OrganisationPlan::Kind::Peers;
        if (peers && std::ranges::find(channel.members, from.plan().name) == channel.members.end())
            continue;
        ChannelOrganisation made{.name = from.plan().name,
                                 .mspId = from.plan().mspId,
                                 .msp = from.msp(),
                                 .endpoints = {}};
        for (const NetworkNode& node : network.nodes()) {
            if (node.organisation != i) continue;
            if (!peers &&
                std::ranges::find(channel.consenters, node.name) == channel.consenters.end())
                continue;
            ASSIGN_OR_RETURN(const auto endpoint, channelEndpoint(node));
            // One anchor peer is enough, and what a large organisation would choose.
            if (!peers || made.endpoints.empty()) made.endpoints.push_back(endpoint);
            if (!peers)
                request.consenters.push_back(
                    {.endpoint = endpoint,
                     .tlsCertificate = network.filesOf(node) / "tls" / "server.crt"});
        }
        // An ordering organisation without a consenter of this channel has no say in it.
        if (!peers && made.endpoints.empty()) continue;
        (peers ? request.applications : request.orderers).push_back(std::move(made));
    }
    ASSIGN_OR_RETURN(const Bytes genesis, CreateGenesis().run(request));
    return writeFresh(network.genesis(channel.name), genesis);
}

Status CreateNetwork::join(RunningNetwork& network, const NetworkNode& node, const Bytes& block) {
    const NetworkFolder& folder = network.folder();
    ASSIGN_OR_RETURN(interfaces::Host* const host, network.hosts().host(node.host));
    if (const auto admin = host->node(folder.ref(node)); admin != nullptr) {
        const Status joined = admin->join(block, m_deadline);
        if (joined.code() != StatusCode::kUnimplemented) return withContext(joined, node.name);
    }
    // Nodes without the admin API know Fabric's own ways.
    if (!node.isPeer) {
        const auto tls = folder.organisations()[node.organisation].user("Admin") / "tls";
        interfaces::TlsIdentity identity;
        ASSIGN_OR_RETURN(identity.certificatePem, readFile(tls / "client.crt", kMostPem));
        ASSIGN_OR_RETURN(identity.keyPem, readFile(tls / "client.key", kMostPem));
        ASSIGN_OR_RETURN(const auto address, folder.address(node, "admin"));
        return withContext(JoinChannel()
                               .joinOrderer(m_connector, {.participation = address,
                                                          .admin = identity,
                                                          .block = block,
                                                          .deadline = m_deadline})
                               .status(),
                           node.name);
    }
    ASSIGN_OR_RETURN(const auto context,
                     actAs(folder, folder.organisations()[node.organisation].plan().name, "Admin"));
    ASSIGN_OR_RETURN(const auto address, folder.address(node));
    return withContext(
        JoinChannel().joinPeer(context, {.peer = address, .block = block, .deadline = m_deadline}),
        node.name);
}

Status CreateNetwork::joinChannel(RunningNetwork& network, const TopologyChannel& channel) {
    const NetworkFolder& folder = network.folder();
    // Somebody who goes on where another stopped finds nodes that have joined already.
    const bool again = folder.done().contains(kChannels);
    if (again) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Bytes genesis, readFile(folder.genesis(channel.name)));
    const auto joinOne = [&](const NetworkNode* const& node) -> Status {
        const Status joined = join(network, *node, genesis);
        if (joined.ok()) return joined;
        const std::string text(messageOf(joined));
        const bool there =
            text.find("already exists") != text.npos || text.find("405") != text.npos;
        return there ? absl::OkStatus() : joined;
    };
    RETURN_IF_ERROR(inParallel<const NetworkNode*>(folder.orderersOf(channel.name), joinOne));
    return inParallel<const NetworkNode*>(folder.peersOf(channel.name), joinOne);
}

Result<TransactionContext> CreateNetwork::actAs(const NetworkFolder& network,
                                                const std::string& organisation,
                                                const std::string& user) {
    const OrganisationFolders* folders = network.organisation(organisation);
    if (folders == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                         "there is no organisation " + organisation,
                         {{"organisation", organisation}});
    ASSIGN_OR_RETURN(auto identity, identity::loadSigningIdentity(folders->user(user) / "msp",
                                                                  folders->plan().mspId));
    return TransactionContext{
        .connector = m_connector, .identity = std::move(identity), .clock = m_clock};
}

Result<std::vector<NodeAddress>> CreateNetwork::peers(const NetworkFolder& network,
                                                      const std::string& organisation) const {
    std::vector<NodeAddress> found;
    for (const NetworkNode& node : network.nodes()) {
        const std::string& owner = network.organisations()[node.organisation].plan().name;
        if (!node.isPeer || (!organisation.empty() && owner != organisation)) continue;
        ASSIGN_OR_RETURN(auto address, network.address(node));
        found.push_back(std::move(address));
    }
    return found;
}

Result<std::vector<NodeAddress>> CreateNetwork::peersOf(const NetworkFolder& network,
                                                        const ChannelId& channel) const {
    std::vector<NodeAddress> found;
    for (const NetworkNode* node : network.peersOf(channel)) {
        ASSIGN_OR_RETURN(auto address, network.address(*node));
        found.push_back(std::move(address));
    }
    return found;
}

Result<std::vector<NodeAddress>> CreateNetwork::endorsers(const NetworkFolder& network,
                                                          const ChannelId& channel) const {
    std::vector<NodeAddress> found;
    std::set<std::size_t> seen;
    for (const NetworkNode* node : network.peersOf(channel)) {
        if (!seen.insert(node->organisation).second) continue;
        ASSIGN_OR_RETURN(auto address, network.address(*node));
        found.push_back(std::move(address));
    }
    return found;
}

Result<std::vector<NodeAddress>> CreateNetwork::orderers(const NetworkFolder& network,
                                                         const ChannelId& channel) const {
    std::vector<NodeAddress> found;
    for (const NetworkNode* node :
         channel.str().empty() ? network.orderers() : network.orderersOf(channel)) {
        ASSIGN_OR_RETURN(auto address, network.address(*node));
        found.push_back(std::move(address));
    }
    return found;
}

}  // namespace chancery::usecase
