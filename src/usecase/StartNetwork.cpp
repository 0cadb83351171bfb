#include "src/usecase/StartNetwork.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/process/Command.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/InParallel.h"

namespace chancery::usecase {
namespace {

using interfaces::Host;
using interfaces::NodeRef;
using interfaces::NodeState;

constexpr std::chrono::seconds kProbe{2};
constexpr std::chrono::milliseconds kBetweenProbes{10};
constexpr std::chrono::seconds kStopPatience{15};
// An agent ends its nodes before it ends itself.
constexpr std::chrono::seconds kAgentGrace{10};

std::map<std::string, std::string> endpointsOf(const std::string& ready) {
    std::map<std::string, std::string> endpoints;
    const auto json = nlohmann::json::parse(ready, nullptr, false);
    if (!json.is_object() || !json.contains("endpoints") || !json["endpoints"].is_object())
        return endpoints;
    for (const auto& [name, endpoint] : json["endpoints"].items())
        if (endpoint.is_string()) endpoints[name] = endpoint.get<std::string>();
    return endpoints;
}

Result<std::filesystem::path> findBeside(const char* name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    for (const auto& folder : {self.parent_path(), self.parent_path().parent_path() / "bin"})
        if (std::filesystem::exists(folder / name, error)) return folder / name;
    return process::findProgram(name);
}

/// Where the agent of a folder listens for us.
std::filesystem::path socketOf(const std::filesystem::path& folder) {
    return folder / "agent.sock";
}

/// An agent that stays is no child of ours: what a child leaves in its group ends with it. The
/// shell waits until it is told that the agent serves.
process::Command agentCommand(const std::filesystem::path& program,
                              const std::filesystem::path& state,
                              const std::vector<std::string>& options, bool stays) {
    process::Command command{.program = program,
                             .arguments = {"--state", state.string()},
                             .environment = process::minimalEnvironment(),
                             .folder = state};
    command.arguments.insert(command.arguments.end(), options.begin(), options.end());
    if (!stays) return command;
    std::vector<std::string> agent = std::move(command.arguments);
    command.program = "/bin/sh";
    command.arguments = {"-c",
                         "log=$1; shift; setsid \"$@\" 2>>\"$log\" & read -r end || :",
                         "sh",
                         (state / "agent.log").string(),
                         program.string(),
                         "--detached"};
    command.arguments.insert(command.arguments.end(), agent.begin(), agent.end());
    return command;
}

bool isEnding(Host& host, Deadline deadline) {
    const Status told = host.facts(std::min(deadline, deadlineIn(kProbe))).status();
    return reasonOf(told) == "AGENT_ENDING";
}

}  // namespace

Result<std::unique_ptr<NetworkHosts>> NetworkHosts::open(const NetworkFolder& network,
                                                         const HostSettings& settings,
                                                         Deadline deadline) {
    auto made = std::make_unique<NetworkHosts>(std::map<std::string, std::shared_ptr<Host>>{});
    for (const PlannedHost& planned : network.hosts()) {
        interfaces::HostAddress address = planned.address;
        address.name = planned.name;
        if (planned.isLocal()) {
            const auto state = network.hostFolder();
            address.socket = socketOf(state).string();
            made->m_local = planned.name;
            ASSIGN_OR_RETURN(auto running, settings.connector.host(address, settings.identity));
            std::error_code error;
            // One that ends is waited for: it holds the folder until it is gone.
            while (std::filesystem::exists(address.socket, error) && isEnding(*running, deadline) &&
                   std::chrono::steady_clock::now() < deadline)
                std::this_thread::sleep_for(kBetweenProbes);
            // What a killed agent left behind is no agent.
            const bool runs = std::filesystem::exists(address.socket, error) &&
                              running->facts(std::min(deadline, deadlineIn(kProbe))).ok();
            if (!runs && settings.local == HostSettings::Local::Never)
                return makeError(
                    StatusCode::kUnavailable, "AGENT_NOT_RUNNING",
                    fmt::format("the network in {} is not running", network.folder().string()),
                    {{"path", network.folder().string()}});
            if (!runs) {
                auto program = settings.agentProgram;
                if (program.empty()) {
                    ASSIGN_OR_RETURN(program, findAgentProgram());
                }
                RETURN_IF_ERROR(makeFolder(state));
                const bool stays = settings.local == HostSettings::Local::KeepsRunning;
                ASSIGN_OR_RETURN(auto child, process::Child::start(agentCommand(
                                                 program, state, settings.agentOptions, stays)));
                ASSIGN_OR_RETURN(const std::string ready, child->waitReady(deadline));
                if (const auto told = endpointsOf(ready); told.contains("local"))
                    address.socket = told.at("local");
                if (stays) {
                    // The shell ends; the agent is in a session of its own by now.
                    child->closeInput();
                    RETURN_IF_ERROR(child->waitEnd(deadline).status());
                } else {
                    made->m_child = std::move(child);
                }
                ASSIGN_OR_RETURN(running, settings.connector.host(address, settings.identity));
            }
            made->m_hosts[planned.name] = std::move(running);
            continue;
        }
        ASSIGN_OR_RETURN(made->m_hosts[planned.name],
                         settings.connector.host(address, settings.identity));
    }
    return made;
}

NetworkHosts::NetworkHosts(std::map<std::string, std::shared_ptr<Host>> hosts)
    : m_hosts(std::move(hosts)) {}

NetworkHosts::~NetworkHosts() {
    // Nobody calls an agent that ends.
    m_hosts.clear();
    if (m_child) m_child->end(kAgentGrace);
}

Result<Host*> NetworkHosts::host(const std::string& name) const {
    const auto found = m_hosts.find(name);
    if (found == m_hosts.end())
        return makeError(StatusCode::kNotFound, "NO_SUCH_HOST", "there is no host " + name,
                         {{"host", name}});
    return found->second.get();
}

Status NetworkHosts::endLocal(Deadline deadline) {
    if (m_local.empty()) return absl::OkStatus();
    Status ended = m_hosts.at(m_local)->shutDown(false, deadline);
    // An agent that obeys at once may not get its answer out.
    if (reasonOf(ended) == "AGENT_ENDING") ended = absl::OkStatus();
    if (m_child) {
        m_child->end(kAgentGrace);
    } else {
        Host& host = *m_hosts.at(m_local);
        while (
            ended.ok() && std::chrono::steady_clock::now() < deadline &&
            (isEnding(host, deadline) || host.facts(std::min(deadline, deadlineIn(kProbe))).ok()))
            std::this_thread::sleep_for(kBetweenProbes);
    }
    m_hosts.erase(m_local);
    m_child.reset();
    m_local.clear();
    return ended;
}

RunningNetwork::RunningNetwork(NetworkFolder folder, std::unique_ptr<NetworkHosts> hosts)
    : m_folder(std::move(folder)), m_hosts(std::move(hosts)) {}

RunningNetwork::~RunningNetwork() = default;

Result<Host*> RunningNetwork::hostOf(const std::string& name) const {
    const NetworkNode* node = m_folder.node(name);
    if (node == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                         {{"node", name}});
    return m_hosts->host(node->host);
}

std::vector<std::string> RunningNetwork::allNames() const {
    std::vector<std::string> names;
    for (const auto* nodes : {&m_folder.authorities(), &m_folder.nodes()})
        for (const NetworkNode& node : *nodes) names.push_back(node.name);
    return names;
}

Status RunningNetwork::forEachHost(const std::vector<std::string>& nodes, const Work& work) const {
    std::map<Host*, std::vector<NodeRef>> byHost;
    for (const std::string& name : nodes) {
        ASSIGN_OR_RETURN(Host* const host, hostOf(name));
        byHost[host].push_back({.network = m_folder.id(), .node = name});
    }
    std::vector<std::pair<Host*, std::vector<NodeRef>>> hosts(byHost.begin(), byHost.end());
    return inParallel<std::pair<Host*, std::vector<NodeRef>>>(
        hosts, [&](const auto& one) { return work(*one.first, one.second); });
}

Status RunningNetwork::assignPorts(const std::vector<std::string>& nodes, Deadline deadline) {
    for (const std::string& name : nodes) {
        ASSIGN_OR_RETURN(Host* const host, hostOf(name));
        std::map<std::string, std::string> endpoints = m_folder.node(name)->endpoints;
        const auto open = std::ranges::count_if(
            endpoints, [](const auto& one) { return one.second.ends_with(":0"); });
        if (open == 0) continue;
        ASSIGN_OR_RETURN(auto ports, host->freePorts(static_cast<std::uint32_t>(open), deadline));
        for (auto& [kind, endpoint] : endpoints)
            if (endpoint.ends_with(":0") && !ports.empty()) {
                endpoint =
                    fmt::format("{}:{}", endpoint.substr(0, endpoint.size() - 2), ports.back());
                ports.pop_back();
            }
        m_folder.setEndpoints(name, endpoints);
    }
    return m_folder.save();
}

Status RunningNetwork::start(const std::vector<std::string>& nodes, Deadline deadline,
                             std::stop_token stop) {
    std::mutex mutex;
    std::vector<NodeState> all;
    RETURN_IF_ERROR(forEachHost(nodes, [&](Host& host, const std::vector<NodeRef>& refs) -> Status {
        ASSIGN_OR_RETURN(auto states, host.nodes().start(refs, deadline, stop));
        const std::lock_guard lock(mutex);
        all.insert(all.end(), states.begin(), states.end());
        return absl::OkStatus();
    }));
    for (const NodeState& state : all) m_folder.setEndpoints(state.ref.node, state.endpoints);
    return m_folder.save();
}

Status RunningNetwork::startAll(Deadline deadline, std::stop_token stop) {
    return start(allNames(), deadline, stop);
}

Status RunningNetwork::stop(const std::vector<std::string>& nodes, Deadline deadline) {
    return forEachHost(nodes, [&](Host& host, const std::vector<NodeRef>& refs) {
        return host.nodes().stop(refs, deadline);
    });
}

Status RunningNetwork::stopNode(const std::string& name) {
    return stop({name}, deadlineIn(kStopPatience));
}

Status RunningNetwork::stopAll(Deadline deadline) {
    return stop(allNames(), deadline);
}

Status RunningNetwork::apply(const std::vector<interfaces::NodePlan>& plans, Deadline deadline) {
    return inParallel<interfaces::NodePlan>(plans, [&](const interfaces::NodePlan& plan) -> Status {
        ASSIGN_OR_RETURN(Host* const host, hostOf(plan.ref.node));
        return withContext(host->nodes().apply(plan, deadline).status(), plan.ref.node);
    });
}

Status RunningNetwork::removeAll(Deadline deadline) {
    return forEachHost(allNames(), [&](Host& host, const std::vector<NodeRef>& refs) {
        return host.nodes().remove(refs, deadline);
    });
}

Result<std::vector<NodeState>> RunningNetwork::states(Deadline deadline) const {
    std::mutex mutex;
    std::vector<NodeState> all;
    RETURN_IF_ERROR(forEachHost(allNames(), [&](Host& host, const std::vector<NodeRef>&) -> Status {
        ASSIGN_OR_RETURN(const auto states, host.nodes().list(m_folder.id(), deadline));
        const std::lock_guard lock(mutex);
        all.insert(all.end(), states.begin(), states.end());
        return absl::OkStatus();
    }));
    return all;
}

Result<NodeState> RunningNetwork::state(const std::string& node, Deadline deadline) const {
    ASSIGN_OR_RETURN(Host* const host, hostOf(node));
    ASSIGN_OR_RETURN(const auto states, host->nodes().list(m_folder.id(), deadline));
    for (const NodeState& state : states)
        if (state.ref.node == node) return state;
    return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                     fmt::format("the host does not know {}", node), {{"node", node}});
}

Result<std::unique_ptr<process::Child>> startCas(const CaFolder& folder,
                                                 const std::filesystem::path& nodeProgram,
                                                 Deadline deadline) {
    ASSIGN_OR_RETURN(CaSettings settings, folder.read());
    const auto config = std::filesystem::absolute(folder.config());
    ASSIGN_OR_RETURN(auto child,
                     process::Child::start({.program = nodeProgram,
                                            .arguments = {"ca", "--config", config.string()},
                                            .environment = process::minimalEnvironment(),
                                            .folder = config.parent_path()}));
    ASSIGN_OR_RETURN(const std::string ready, child->waitReady(deadline));
    const auto endpoints = endpointsOf(ready);
    const auto chosen = endpoints.find("https");
    if (chosen == endpoints.end() || !settings.listen.ends_with(":0")) return child;
    settings.listen = chosen->second;
    RETURN_IF_ERROR(folder.write(settings));
    return child;
}

Result<std::filesystem::path> findNodeProgram() {
    return findBeside("chancery-node");
}

Result<std::filesystem::path> findAgentProgram() {
    return findBeside("chancery-agent");
}

}  // namespace chancery::usecase
