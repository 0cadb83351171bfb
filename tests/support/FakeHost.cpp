#include "tests/support/FakeHost.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "src/base/Descriptor.h"
#include "src/base/File.h"
#include "src/process/Command.h"

namespace chancery::test {

using namespace interfaces;

namespace {

Status cannot() {
    return makeError(StatusCode::kUnimplemented, "FAKE_HOST", "this host is a stand-in");
}

}  // namespace

FakeHost::FakeHost(std::filesystem::path state, std::filesystem::path nodeProgram)
    : m_state(std::move(state)), m_nodeProgram(std::move(nodeProgram)) {}

FakeHost::~FakeHost() {
    static_cast<void>(shutDown(false, Deadline::max()));
}

std::filesystem::path FakeHost::folderOf(const NodeRef& node) const {
    return m_state / "nodes" / node.network / node.node;
}

Status FakeHost::missing(const NodeRef& node) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + node.node,
                     {{"node", node.node}});
}

NodeState FakeHost::stateOf(const Kept& kept) const {
    NodeState state;
    state.ref = kept.plan.ref;
    state.kind = kept.plan.kind;
    state.engine = kept.plan.engine;
    state.labels = kept.plan.labels;
    state.endpoints = kept.endpoints;
    const bool runs = kept.child != nullptr && kept.child->isRunning();
    state.phase = runs ? NodePhase::Running : NodePhase::Stopped;
    state.processId = runs ? kept.child->number() : 0;
    return state;
}

void FakeHost::kill(const NodeRef& node) {
    std::unique_ptr<process::Child> child;
    {
        const std::lock_guard lock(m_mutex);
        child = std::move(m_nodes.at(node).child);
    }
    if (child) child->killGroup();
}

Result<HostFacts> FakeHost::facts(Deadline) {
    HostFacts facts;
    facts.name = "fake";
    facts.now = absl::Now();
    facts.engines = {{.name = "builtin", .version = "0", .problem = {}}};
    facts.role = HostRole::Administrator;
    return facts;
}

Result<std::vector<HostFinding>> FakeHost::preflight(const HostNeeds&, Deadline) {
    return findings;
}

Result<std::vector<std::uint16_t>> FakeHost::freePorts(std::uint32_t count, Deadline) {
    // Held together, so that they differ.
    std::vector<Descriptor> held;
    std::vector<std::uint16_t> ports;
    for (std::uint32_t i = 0; i < count; ++i) {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof place;
        auto* const generic = reinterpret_cast<sockaddr*>(&place);
        if (::bind(socket.get(), generic, length) != 0 ||
            ::getsockname(socket.get(), generic, &length) != 0)
            return makeError(StatusCode::kUnavailable, "NO_PORT", "there is no free port");
        ports.push_back(ntohs(place.sin_port));
        held.push_back(std::move(socket));
    }
    return ports;
}

std::shared_ptr<Node> FakeHost::node(const NodeRef&) {
    return nullptr;
}

Status FakeHost::shutDown(bool, Deadline) {
    std::map<NodeRef, Kept> nodes;
    {
        const std::lock_guard lock(m_mutex);
        nodes.swap(m_nodes);
    }
    for (auto& [ref, kept] : nodes)
        if (kept.child) kept.child->closeInput();
    return absl::OkStatus();
}

Result<std::vector<NodeState>> FakeHost::list(const std::string& network, Deadline) {
    const std::lock_guard lock(m_mutex);
    std::vector<NodeState> states;
    for (const auto& [ref, kept] : m_nodes)
        if (network.empty() || ref.network == network) states.push_back(stateOf(kept));
    return states;
}

Result<bool> FakeHost::apply(const NodePlan& plan, Deadline) {
    for (const PlannedFile& file : plan.files) {
        const auto path = folderOf(plan.ref) / file.path;
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        RETURN_IF_ERROR(writeFileAtomically(path, file.content, file.secret ? 0600 : 0644));
    }
    // As an agent has it: the admin socket is in there.
    std::error_code ignored;
    std::filesystem::permissions(folderOf(plan.ref), std::filesystem::perms::owner_all, ignored);
    const std::lock_guard lock(m_mutex);
    applied.push_back(plan);
    Kept& kept = m_nodes[plan.ref];
    kept.plan = plan;
    kept.plan.files.clear();
    kept.endpoints = plan.endpoints;
    return true;
}

Result<std::vector<NodeState>> FakeHost::start(const std::vector<NodeRef>& nodes, Deadline deadline,
                                               std::stop_token stop) {
    std::vector<NodeRef> begun;
    for (const NodeRef& ref : nodes) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_nodes.find(ref);
        if (found == m_nodes.end()) return missing(ref);
        if (broken.contains(ref.node))
            return makeError(StatusCode::kFailedPrecondition, "NODE_FAILED", ref.node + " fails");
        Kept& kept = found->second;
        if (kept.child && kept.child->isRunning()) continue;
        auto child = process::Child::start(
            {.program = m_nodeProgram,
             .arguments = {kept.plan.kind, "--config", (folderOf(ref) / "node.yaml").string()},
             .environment = process::minimalEnvironment(),
             .folder = folderOf(ref)});
        if (!child.ok()) return withContext(child.status(), ref.node);
        kept.child = *std::move(child);
        begun.push_back(ref);
    }
    for (const NodeRef& ref : begun) {
        process::Child* child = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            child = m_nodes.at(ref).child.get();
        }
        const auto ready = child->waitReady(deadline, stop);
        const std::lock_guard lock(m_mutex);
        if (!ready.ok()) {
            m_nodes.at(ref).child.reset();
            return withContext(ready.status(), ref.node);
        }
        const auto json = nlohmann::json::parse(*ready, nullptr, false);
        for (const auto& [name, endpoint] : json["endpoints"].items())
            m_nodes.at(ref).endpoints[name] = endpoint.get<std::string>();
    }
    std::vector<NodeState> states;
    const std::lock_guard lock(m_mutex);
    for (const NodeRef& ref : nodes) states.push_back(stateOf(m_nodes.at(ref)));
    return states;
}

Status FakeHost::stop(const std::vector<NodeRef>& nodes, Deadline) {
    std::vector<std::unique_ptr<process::Child>> ending;
    for (const NodeRef& ref : nodes) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_nodes.find(ref);
        if (found == m_nodes.end()) return missing(ref);
        if (found->second.child) ending.push_back(std::move(found->second.child));
    }
    for (const auto& child : ending) child->closeInput();
    for (const auto& child : ending) child->end();
    return absl::OkStatus();
}

Result<std::vector<NodeState>> FakeHost::restart(const std::vector<NodeRef>& nodes,
                                                 Deadline deadline) {
    RETURN_IF_ERROR(stop(nodes, deadline));
    return start(nodes, deadline, {});
}

Status FakeHost::remove(const std::vector<NodeRef>& nodes, Deadline deadline) {
    for (const NodeRef& ref : nodes) {
        // What is gone already is no error.
        static_cast<void>(stop({ref}, deadline));
        std::error_code error;
        std::filesystem::remove_all(folderOf(ref), error);
        const std::lock_guard lock(m_mutex);
        m_nodes.erase(ref);
    }
    return absl::OkStatus();
}

Result<NodeState> FakeHost::upgrade(const NodeRef&, const std::string&, Deadline) {
    return cannot();
}

Result<NodeState> FakeHost::rollBack(const NodeRef&, Deadline) {
    return cannot();
}

Subscription FakeHost::watch(std::function<void(const NodeState&)>) {
    return {};
}

Status FakeHost::read(const LogQuery&, const std::function<Status(const std::vector<LogLine>&)>&,
                      Deadline, std::stop_token) {
    return cannot();
}

Result<std::map<std::string, std::uint64_t>> FakeHost::copyOut(
    const NodeRef&, const std::function<Status(const Entry&)>&,
    const std::function<Status(BytesView)>&, Deadline, std::stop_token) {
    return cannot();
}

Status FakeHost::copyIn(const NodeRef&, const std::function<Result<std::optional<Entry>>()>&,
                        const std::function<Result<Bytes>()>&, Deadline, std::stop_token) {
    return cannot();
}

Result<PairingCode> FakeHost::newCode(const std::string&, HostRole, Deadline) {
    return cannot();
}

Result<std::vector<PairedClient>> FakeHost::clients(Deadline) {
    return cannot();
}

Status FakeHost::setRole(const std::string&, HostRole, Deadline) {
    return cannot();
}

Status FakeHost::revoke(const std::string&, Deadline) {
    return cannot();
}

Result<std::vector<AuditEntry>> FakeHost::audit(std::uint64_t, std::uint32_t, Deadline) {
    return cannot();
}

}  // namespace chancery::test
