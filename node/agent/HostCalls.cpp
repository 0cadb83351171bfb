#include "node/agent/HostCalls.h"

#include <fmt/format.h>

#include "absl/time/clock.h"
#include "chancery/agent/v1/host.pb.h"
#include "node/agent/Messages.h"

namespace chancery::agent {
namespace {

constexpr int kMaxEndpoints = 1000;

void add(v1::PreflightResponse& response, std::string_view reason, std::string_view sentence,
         bool prevents) {
    auto& finding = *response.add_findings();
    finding.set_reason(std::string(reason));
    finding.set_sentence(std::string(sentence));
    finding.set_prevents(prevents);
}

Result<v1::PreflightResponse> preflight(const v1::PreflightRequest& request,
                                        const MachineFacts& facts, Engines& engines) {
    if (request.endpoints_size() > kMaxEndpoints)
        return makeError(StatusCode::kInvalidArgument, "TOO_MANY_ENDPOINTS",
                         fmt::format("at most {} endpoints can be looked at", kMaxEndpoints));
    v1::PreflightResponse response;
    for (const std::string& endpoint : request.endpoints())
        if (const Status free = checkListen(endpoint); !free.ok())
            add(response, reasonOf(free), messageOf(free), true);
    const auto mebibytes = [](std::uint64_t bytes) { return bytes >> 20; };
    if (request.disk_bytes() > facts.freeDiskBytes)
        add(response, "DISK_TOO_SMALL",
            fmt::format("{} MiB of disk are needed, {} MiB are free",
                        mebibytes(request.disk_bytes()), mebibytes(facts.freeDiskBytes)),
            true);
    // Memory is shared and can be swapped.
    if (request.memory_bytes() > facts.freeMemoryBytes)
        add(response, "MEMORY_TOO_SMALL",
            fmt::format("{} MiB of memory are needed, {} MiB are free",
                        mebibytes(request.memory_bytes()), mebibytes(facts.freeMemoryBytes)),
            request.memory_bytes() > facts.memoryBytes);
    for (const std::string& engine : request.engines())
        if (const auto found = engines.find(engine, {}); !found.ok())
            add(response, "ENGINE_MISSING", messageOf(found.status()), true);
    return response;
}

}  // namespace

Handlers HostCalls::handlers() {
    const std::string service = "chancery.agent.v1.HostAgent/";
    Handlers all;
    all[service + "Facts"] = unary<v1::FactsRequest, v1::FactsResponse>(
        [this](Call& call, const auto&) -> Result<v1::FactsResponse> {
            // Who asks whether there is an agent shall not count on this one.
            if (m_supervisor.isEnding())
                return makeError(StatusCode::kUnavailable, "AGENT_ENDING", "the agent is ending");
            const MachineFacts facts = machineFacts(m_settings.folder);
            v1::FactsResponse response;
            response.set_name(m_settings.name.empty() ? facts.name : m_settings.name);
            response.set_agent_version(CHANCERY_VERSION);
            response.set_system(facts.system);
            response.set_processors(facts.processors);
            response.set_memory_bytes(facts.memoryBytes);
            response.set_free_memory_bytes(facts.freeMemoryBytes);
            response.set_disk_bytes(facts.diskBytes);
            response.set_free_disk_bytes(facts.freeDiskBytes);
            toMessage(absl::Now(), *response.mutable_now());
            for (const FoundEngine& engine : m_engines.list()) {
                auto& message = *response.add_engines();
                message.set_name(engine.name);
                message.set_version(engine.version);
                message.set_problem(engine.problem);
            }
            if (call.caller().role) response.set_role(toMessage(*call.caller().role));
            response.set_ends_with_console(m_settings.endsWithConsole());
            return response;
        });
    all[service + "Preflight"] =
        unary<v1::PreflightRequest, v1::PreflightResponse>([this](Call&, const auto& request) {
            return preflight(request, machineFacts(m_settings.folder), m_engines);
        });
    all[service + "FreePorts"] = unary<v1::FreePortsRequest, v1::FreePortsResponse>(
        [this](Call&, const auto& request) -> Result<v1::FreePortsResponse> {
            ASSIGN_OR_RETURN(const auto ports, m_ports.take(request.count()));
            v1::FreePortsResponse response;
            for (const std::uint16_t port : ports) response.add_ports(port);
            return response;
        });
    all[service + "ShutDown"] = [this](Call& call) -> Status {
        ASSIGN_OR_RETURN(const auto request, call.read<v1::ShutDownRequest>());
        RETURN_IF_ERROR(call.begin(request.keep_nodes() ? "keeps its nodes" : ""));
        if (!request.keep_nodes()) m_supervisor.end();
        const Status written = call.write(v1::ShutDownResponse());
        m_settings.shutDown(request.keep_nodes());
        return written;
    };
    return all;
}

}  // namespace chancery::agent
