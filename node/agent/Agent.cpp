#include "node/agent/Agent.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "node/agent/AccessCalls.h"
#include "node/agent/AgentIdentity.h"
#include "node/agent/Door.h"
#include "node/agent/EngineLauncher.h"
#include "node/agent/FileCalls.h"
#include "node/agent/Forwarding.h"
#include "node/agent/HostCalls.h"
#include "node/agent/LogCalls.h"
#include "node/agent/NodeCalls.h"
#include "node/agent/NodeFiles.h"
#include "src/base/Log.h"
#include "src/rpc/Server.h"

namespace chancery::agent {
namespace {

constexpr std::string_view kRoom = "agent";
constexpr const char* kSocket = "agent.sock";
/// For answers that are on their way when the agent ends.
constexpr std::chrono::seconds kServerPatience{1};

rpc::ServerLimits serverLimits() {
    rpc::ServerLimits limits;
    limits.maxMessageBytes = 4 << 20;
    limits.maxThreads = 16;
    return limits;
}

std::string hostName(const std::string& given) {
    if (!given.empty()) return given;
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace

struct Agent::Parts {
    Parts(AgentSettings given, StateFolder folder)
        : settings(std::move(given)),
          state(std::move(folder)),
          engines(settings.engines),
          launcher(state, engines) {}

    const AgentSettings settings;
    StateFolder state;
    std::atomic<bool> isDetached = false;
    rpc::TlsIdentity identity;
    std::unique_ptr<audit::AuditLog> audit;
    std::unique_ptr<Clients> clients;
    PairingCodes codes;
    Engines engines;
    EngineLauncher launcher;
    std::unique_ptr<Supervisor> supervisor;
    std::unique_ptr<Forwarding> forwarding;
    std::unique_ptr<HostCalls> hostCalls;
    std::unique_ptr<NodeCalls> nodeCalls;
    std::unique_ptr<AccessCalls> accessCalls;
    std::unique_ptr<Door> door;
    std::unique_ptr<rpc::ByteService> service;
    std::unique_ptr<rpc::Server> server;

    Status open();
    Status readNodes();
    Status makeCalls(const std::function<void(bool)>& shutDown);
    Status serve();
    std::string remoteEndpoint() const;
};

Agent::Agent(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}

Agent::~Agent() {
    stop();
}

Status Agent::Parts::open() {
    ASSIGN_OR_RETURN(identity, agentIdentity(state));
    ASSIGN_OR_RETURN(audit, audit::AuditLog::open(state.file("audit.log")));
    ASSIGN_OR_RETURN(clients, Clients::open(state.file("clients.json")));
    return absl::OkStatus();
}

Status Agent::Parts::readNodes() {
    supervisor = std::make_unique<Supervisor>(state, launcher, settings.patience);
    for (const NodeName& name : state.nodes()) {
        const auto manifest = finishApply(state, name);
        // One damaged node is no reason to leave the others alone.
        if (manifest.ok())
            supervisor->put(*manifest);
        else
            log::error(kRoom, fmt::format("{} cannot be kept: {}", name.toString(),
                                          messageOf(manifest.status())));
    }
    return absl::OkStatus();
}

Status Agent::Parts::makeCalls(const std::function<void(bool)>& shutDown) {
    isDetached = settings.isDetached;
    const std::string name = hostName(settings.name);
    HostCalls::Settings host{.name = name,
                             .folder = state.root(),
                             .endsWithConsole = [this] { return !isDetached; },
                             .shutDown =
                                 [this, shutDown](bool keepNodes) {
                                     if (keepNodes) isDetached = true;
                                     shutDown(keepNodes);
                                 }};
    hostCalls = std::make_unique<HostCalls>(std::move(host), *supervisor, engines);
    nodeCalls = std::make_unique<NodeCalls>(state, *supervisor, engines);
    ASSIGN_OR_RETURN(Bytes fingerprint, rpc::bindingHashOf(identity));
    AccessCalls::Settings access{
        .hostName = name,
        .fingerprint = std::move(fingerprint),
        .endpoint = [this] { return remoteEndpoint(); },
        .cut =
            [this](const std::string& client) {
                service->cut(client, makeError(StatusCode::kUnauthenticated, "REVOKED",
                                               "the rights of the caller have changed"));
            }};
    accessCalls = std::make_unique<AccessCalls>(std::move(access), *clients, codes, *audit);
    forwarding = std::make_unique<Forwarding>(state, *supervisor);
    door = std::make_unique<Door>(*clients, *audit);
    door->add(hostCalls->handlers());
    door->add(nodeCalls->handlers());
    door->add(fileHandlers(state, *supervisor));
    door->add(logHandlers(*supervisor));
    door->add(accessCalls->handlers());
    door->setForwarder([this](const auto& facts, const auto& caller, AuditTrail& trail) {
        return forwarding->passage(facts, caller, trail);
    });
    return absl::OkStatus();
}

Status Agent::Parts::serve() {
    service = std::make_unique<rpc::ByteService>(
        [this](const rpc::CallFacts& facts) { return door->plan(facts); });
    rpc::ServerOptions options;
    options.limits = serverLimits();
    options.others = service.get();
    ASSIGN_OR_RETURN(auto local, rpc::parseEndpoint("unix:" + state.file(kSocket).string()));
    options.listeners.push_back({std::move(local), std::nullopt});
    if (settings.listen)
        options.listeners.push_back(
            {*settings.listen,
             rpc::ServerTls{identity, rpc::ClientCertificates::RequiredUnverified, {}}});
    ASSIGN_OR_RETURN(server, rpc::Server::start(std::move(options), {}));
    return absl::OkStatus();
}

std::string Agent::Parts::remoteEndpoint() const {
    return settings.listen && server ? server->endpoints().back().toString() : std::string();
}

Result<std::unique_ptr<Agent>> Agent::start(const AgentSettings& settings,
                                            std::function<void(bool keepNodes)> shutDown) {
    ASSIGN_OR_RETURN(StateFolder state, StateFolder::open(settings.state));
    auto parts = std::make_unique<Parts>(settings, std::move(state));
    RETURN_IF_ERROR(parts->open());
    RETURN_IF_ERROR(parts->readNodes());
    RETURN_IF_ERROR(parts->makeCalls(shutDown));
    RETURN_IF_ERROR(parts->serve());
    parts->supervisor->startRemembered();
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

std::vector<std::pair<std::string, std::string>> Agent::endpoints() const {
    std::vector<std::pair<std::string, std::string>> all{
        {"local", m_parts->state.file(kSocket).string()}};
    if (const std::string remote = m_parts->remoteEndpoint(); !remote.empty())
        all.emplace_back("grpc", remote);
    return all;
}

std::uint64_t Agent::calls() const {
    return m_parts->door->calls();
}

void Agent::stop() {
    m_parts->supervisor->end();
    if (m_parts->service)
        m_parts->service->cutAll(
            makeError(StatusCode::kUnavailable, "AGENT_ENDING", "the agent is ending"));
    if (m_parts->server) m_parts->server->stop(deadlineIn(kServerPatience));
}

}  // namespace chancery::agent
