#include "src/client/HostClient.h"

#include <grpcpp/channel.h>

#include "chancery/agent/v1/host_service.grpc.pb.h"
#include "src/client/BuiltinNode.h"
#include "src/client/HostAccessClient.h"
#include "src/client/HostFilesClient.h"
#include "src/client/HostLogsClient.h"
#include "src/client/HostMessages.h"
#include "src/client/HostNodesClient.h"
#include "src/rpc/Call.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using AgentStub = v1::HostAgent::Stub;

class HostClient final : public interfaces::Host {
public:
    explicit HostClient(std::shared_ptr<grpc::Channel> channel)
        : m_channel(channel),
          m_stub(v1::HostAgent::NewStub(channel)),
          m_nodes(makeHostNodesClient(channel)),
          m_logs(makeHostLogsClient(channel)),
          m_files(makeHostFilesClient(channel)),
          m_access(makeHostAccessClient(channel)) {}

    Result<interfaces::HostFacts> facts(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &AgentStub::Facts, v1::FactsRequest(), deadline));
        interfaces::HostFacts facts;
        facts.name = response.name();
        facts.agentVersion = response.agent_version();
        facts.system = response.system();
        facts.processors = response.processors();
        facts.memoryBytes = response.memory_bytes();
        facts.freeMemoryBytes = response.free_memory_bytes();
        facts.diskBytes = response.disk_bytes();
        facts.freeDiskBytes = response.free_disk_bytes();
        facts.now = timeOf(response.now());
        for (const auto& engine : response.engines())
            facts.engines.push_back(
                {.name = engine.name(), .version = engine.version(), .problem = engine.problem()});
        facts.role = roleOf(response.role());
        facts.endsWithConsole = response.ends_with_console();
        return facts;
    }

    Result<std::vector<interfaces::HostFinding>> preflight(const interfaces::HostNeeds& needs,
                                                           Deadline deadline) override {
        v1::PreflightRequest request;
        for (const auto& endpoint : needs.endpoints) request.add_endpoints(endpoint);
        request.set_memory_bytes(needs.memoryBytes);
        request.set_disk_bytes(needs.diskBytes);
        for (const auto& engine : needs.engines) request.add_engines(engine);
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &AgentStub::Preflight, request, deadline));
        std::vector<interfaces::HostFinding> findings;
        for (const auto& finding : response.findings())
            findings.push_back({.reason = finding.reason(),
                                .sentence = finding.sentence(),
                                .prevents = finding.prevents()});
        return findings;
    }

    Result<std::vector<std::uint16_t>> freePorts(std::uint32_t count, Deadline deadline) override {
        v1::FreePortsRequest request;
        request.set_count(count);
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &AgentStub::FreePorts, request, deadline));
        std::vector<std::uint16_t> ports;
        for (const std::uint32_t port : response.ports())
            ports.push_back(static_cast<std::uint16_t>(port));
        return ports;
    }

    interfaces::HostNodes& nodes() override { return *m_nodes; }
    interfaces::HostLogs& logs() override { return *m_logs; }
    interfaces::HostFiles& files() override { return *m_files; }
    interfaces::HostAccess& access() override { return *m_access; }

    std::shared_ptr<interfaces::Node> node(const interfaces::NodeRef& node) override {
        return makeBuiltinNode(m_channel,
                               {{"chancery-network", node.network}, {"chancery-node", node.node}});
    }

    Status shutDown(bool keepNodes, Deadline deadline) override {
        v1::ShutDownRequest request;
        request.set_keep_nodes(keepNodes);
        return rpc::call(*m_stub, &AgentStub::ShutDown, request, deadline).status();
    }

private:
    const std::shared_ptr<grpc::Channel> m_channel;
    const std::unique_ptr<AgentStub> m_stub;
    const std::unique_ptr<interfaces::HostNodes> m_nodes;
    const std::unique_ptr<interfaces::HostLogs> m_logs;
    const std::unique_ptr<interfaces::HostFiles> m_files;
    const std::unique_ptr<interfaces::HostAccess> m_access;
};

}  // namespace

std::shared_ptr<interfaces::Host> makeHostClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<HostClient>(std::move(channel));
}

}  // namespace chancery::client
