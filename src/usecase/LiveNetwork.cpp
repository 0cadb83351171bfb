#include "src/usecase/LiveNetwork.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/base/Random.h"

namespace chancery::usecase {
namespace {

bool isRefusal(const Status& status) {
    return reasonOf(status) == "CONTRACT_REFUSED";
}

/// A sample's name, different in each run of the program.
std::string newName() {
    return toHex(Random::system().bytes(6));
}

/// The call with another first argument, which names what it makes.
TopologyCall repeated(TopologyCall call) {
    const std::string name = newName();
    std::string& first = call.arguments[1];
    const bool isHash =
        first.size() == 64 && first.find_first_not_of("0123456789abcdef") == std::string::npos;
    first = isHash ? first.substr(0, first.size() - name.size()) + name : first + "-" + name;
    return call;
}

}  // namespace

Result<std::shared_ptr<LiveNetwork>> LiveNetwork::create(const NetworkPlan& plan,
                                                         NetworkConnectors connectors,
                                                         Options options, StepListener listener) {
    CreateNetwork create(connectors.nodes, options.deadline, std::move(listener), Clock::system(),
                         options.stop);
    const auto openHosts = [&](const NetworkFolder& folder) {
        return NetworkHosts::open(folder,
                                  {.connector = connectors.hosts,
                                   .identity = options.identity,
                                   .local = HostSettings::Local::EndsWithUs,
                                   .agentProgram = connectors.agentProgram},
                                  options.deadline);
    };
    ASSIGN_OR_RETURN(auto running, create.run(plan, openHosts, connectors.cas));
    return std::shared_ptr<LiveNetwork>(
        new LiveNetwork(std::move(running), std::move(connectors), options));
}

Result<std::shared_ptr<LiveNetwork>> LiveNetwork::open(const std::filesystem::path& folder,
                                                       NetworkConnectors connectors,
                                                       Options options) {
    ASSIGN_OR_RETURN(auto network, NetworkFolder::open(folder));
    ASSIGN_OR_RETURN(auto hosts, NetworkHosts::open(network,
                                                    {.connector = connectors.hosts,
                                                     .identity = options.identity,
                                                     .local = HostSettings::Local::EndsWithUs,
                                                     .agentProgram = connectors.agentProgram},
                                                    options.deadline));
    auto running = std::make_unique<RunningNetwork>(std::move(network), std::move(hosts));
    RETURN_IF_ERROR(running->startAll(options.deadline, options.stop));
    return std::shared_ptr<LiveNetwork>(
        new LiveNetwork(std::move(running), std::move(connectors), options));
}

LiveNetwork::LiveNetwork(std::unique_ptr<RunningNetwork> running, NetworkConnectors connectors,
                         const Options& options)
    : m_connectors(std::move(connectors)),
      m_name(options.name.empty() ? running->folder().topology().label.en : options.name) {
    auto ended = std::make_shared<std::promise<void>>();
    m_ended = ended->get_future().share();
    // Whoever watches its hosts may be the last to hold it.
    m_running = std::shared_ptr<RunningNetwork>(running.release(), [ended](RunningNetwork* last) {
        delete last;
        ended->set_value();
    });
    m_watch = std::make_shared<WatchNetwork>(watched());
}

LiveNetwork::~LiveNetwork() = default;

WatchedNetwork LiveNetwork::watched() const {
    const NetworkFolder& network = folder();
    WatchedNetwork result;
    result.name = m_name;
    result.id = network.id();
    for (const PlannedHost& planned : network.hosts()) {
        const auto host = m_running->hosts().host(planned.name);
        if (!host.ok()) continue;
        result.hosts.push_back({planned.name, std::shared_ptr<interfaces::Host>(m_running, *host)});
    }
    const bool plain = network.topology().engine != "builtin";
    for (const auto* nodes : {&network.authorities(), &network.nodes()}) {
        for (const NetworkNode& node : *nodes) {
            const OrganisationPlan& organisation =
                network.organisations()[node.organisation].plan();
            WatchedNode row;
            row.name = node.name;
            row.kind = node.kind();
            row.organisation = organisation.name;
            row.mspId = organisation.mspId;
            row.host = node.host;
            if (plain && !node.isAuthority && m_connectors.plainNode) {
                if (auto made = m_connectors.plainNode(network, node); made.ok()) row.node = *made;
            } else if (const auto host = m_running->hosts().host(node.host); host.ok()) {
                row.node = (*host)->node(network.ref(node));
            }
            result.nodes.push_back(std::move(row));
        }
    }
    return result;
}

Result<std::pair<interfaces::Host*, interfaces::NodeRef>> LiveNetwork::find(
    const std::string& node) const {
    const NetworkNode* found = folder().node(node);
    if (found == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + node,
                         {{"node", node}});
    ASSIGN_OR_RETURN(interfaces::Host * host, m_running->hosts().host(found->host));
    return std::pair(host, folder().ref(*found));
}

Status LiveNetwork::startNode(const std::string& node, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto at, find(node));
    return at.first->nodes().start({at.second}, deadline).status();
}

Status LiveNetwork::stopNode(const std::string& node, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto at, find(node));
    return at.first->nodes().stop({at.second}, deadline);
}

Status LiveNetwork::restartNode(const std::string& node, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto at, find(node));
    return at.first->nodes().restart({at.second}, deadline).status();
}

Status LiveNetwork::send(const TopologyCall& call, Deadline deadline, std::stop_token stop) {
    CreateNetwork access(m_connectors.nodes, deadline);
    ASSIGN_OR_RETURN(const auto context, access.actAs(folder(), call.organisation, call.user));
    SubmitRequest request{.call = {.channel = call.channel,
                                   .contract = call.contract,
                                   .args = {call.arguments.begin(), call.arguments.end()}},
                          .endorsers = {},
                          .deadline = deadline,
                          .stop = stop};
    ASSIGN_OR_RETURN(request.endorsers, access.endorsers(folder(), call.channel));
    ASSIGN_OR_RETURN(request.orderers, access.orderers(folder(), call.channel));
    // A peer that is away must not keep the others from going on.
    const auto view = m_watch->view();
    std::erase_if(request.endorsers, [&](const interfaces::NodeAddress& peer) {
        return std::ranges::any_of(view->nodes, [&](const NodeView& node) {
            return node.what.name == peer.name && !node.reach.ok() &&
                   reasonOf(node.reach) != "NOT_ASKED_YET";
        });
    });
    if (request.endorsers.empty())
        return makeError(StatusCode::kUnavailable, "NO_PEER_ANSWERS",
                         "no peer of the channel answers", {{"channel", call.channel.str()}});
    return SubmitTransaction().run(context, request).status();
}

Status LiveNetwork::sendScenario(Deadline deadline, std::stop_token stop) {
    for (const TopologyCall& call : folder().topology().scenario) {
        const Status sent = send(call, deadline, stop);
        if (!sent.ok() && !isRefusal(sent)) return sent;
    }
    return {};
}

Status LiveNetwork::sendSample(Deadline deadline, std::stop_token stop) {
    const auto& scenario = folder().topology().scenario;
    for (std::size_t tried = 0; tried < scenario.size(); ++tried) {
        const std::size_t at = static_cast<std::size_t>(m_samples++) % scenario.size();
        if (m_refused.contains(at) || scenario[at].arguments.size() < 2) continue;
        const Status sent = send(repeated(scenario[at]), deadline, stop);
        if (!isRefusal(sent)) return sent;
        m_refused.insert(at);
    }
    return makeError(StatusCode::kUnimplemented, "NO_SAMPLES",
                     "this topology has no transaction that can be repeated");
}

}  // namespace chancery::usecase
