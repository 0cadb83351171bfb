#include "node/agent/NodeCalls.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/agent/HostFacts.h"
#include "node/agent/NodeFiles.h"
#include "node/agent/Plan.h"

namespace chancery::agent {
namespace {

constexpr std::uint32_t kMaxPage = 500;
/// Messages of `watch` stay far below what a message may have.
constexpr int kNodesPerMessage = 50;

}  // namespace

Handlers NodeCalls::handlers() {
    const std::string service = "chancery.agent.v1.HostNodes/";
    Handlers all;
    all[service + "Apply"] = [this](Call& call) { return apply(call); };
    all[service + "Watch"] = [this](Call& call) { return watch(call); };
    all[service + "List"] = unary<v1::ListRequest, v1::ListResponse>(
        [this](Call&, const auto& request) { return list(request); });
    all[service + "Start"] = unary<v1::StartRequest, v1::StartResponse>(
        [this](Call& call, const auto& request) { return start(call, request); });
    all[service + "Stop"] = unary<v1::StopRequest, v1::StopResponse>(
        [this](Call& call, const auto& request) { return stop(call, request); });
    all[service + "Restart"] = unary<v1::RestartRequest, v1::RestartResponse>(
        [this](Call& call, const auto& request) { return restart(call, request); });
    all[service + "Remove"] = unary<v1::RemoveRequest, v1::RemoveResponse>(
        [this](Call& call, const auto& request) { return remove(call, request); });
    all[service + "Upgrade"] = unary<v1::UpgradeRequest, v1::UpgradeResponse>(
        [this](Call& call, const auto& request) { return upgrade(call, request); });
    all[service + "RollBack"] = unary<v1::RollBackRequest, v1::RollBackResponse>(
        [this](Call& call, const auto& request) { return rollBack(call, request); });
    return all;
}

Result<v1::UpgradeResponse> NodeCalls::upgrade(Call& call, const v1::UpgradeRequest& request) {
    ASSIGN_OR_RETURN(const NodeName name, fromMessage(request.node()));
    RETURN_IF_ERROR(call.begin(name.toString()));
    RETURN_IF_ERROR(m_versions.upgrade(name, request.version(), call.deadline(), call.stop()));
    v1::UpgradeResponse response;
    if (const auto status = m_supervisor.status(name)) *response.mutable_node() = stateOf(*status);
    return response;
}

Result<v1::RollBackResponse> NodeCalls::rollBack(Call& call, const v1::RollBackRequest& request) {
    ASSIGN_OR_RETURN(const NodeName name, fromMessage(request.node()));
    RETURN_IF_ERROR(call.begin(name.toString()));
    RETURN_IF_ERROR(m_versions.rollBack(name, call.deadline(), call.stop()));
    v1::RollBackResponse response;
    if (const auto status = m_supervisor.status(name)) *response.mutable_node() = stateOf(*status);
    return response;
}

v1::NodeState NodeCalls::stateOf(const NodeStatus& status) {
    v1::NodeState state;
    toMessage(status, state);
    if (state.version().empty()) {
        const auto engine = m_engines.find(status.manifest.engine, {});
        if (engine.ok()) state.set_version(engine->version);
    }
    const ProcessUse use = processUse(status.process);
    state.set_processor_seconds(use.processorSeconds);
    state.set_memory_bytes(use.memoryBytes);
    state.set_has_previous_version(m_versions.hasPrevious(status.manifest.name));
    return state;
}

Status NodeCalls::apply(Call& call) {
    PlanReader reader;
    while (true) {
        ASSIGN_OR_RETURN(const auto part, call.readNext<v1::ApplyRequest>());
        if (!part) break;
        RETURN_IF_ERROR(reader.add(*part));
    }
    ASSIGN_OR_RETURN(Plan plan, reader.finish());
    RETURN_IF_ERROR(call.begin(plan.name.toString()));
    const auto engine = m_engines.find(plan.engine, plan.version);
    if (!engine.ok())
        return reasonOf(engine.status()) == "VERSION_NOT_FOUND"
                   ? makeError(StatusCode::kFailedPrecondition, "ENGINE_MISSING",
                               messageOf(engine.status()), argumentsOf(engine.status()))
                   : engine.status();
    ASSIGN_OR_RETURN(const auto hold, m_supervisor.hold({plan.name}, call.deadline(), call.stop()));
    const auto present = m_supervisor.status(plan.name);
    if (present && (present->manifest.kind != plan.kind || present->manifest.engine != plan.engine))
        return makeError(StatusCode::kFailedPrecondition, "OTHER_KIND",
                         fmt::format("{} is a {} of the engine {}", plan.name.toString(),
                                     present->manifest.kind, present->manifest.engine),
                         {{"node", plan.name.toString()}});
    ASSIGN_OR_RETURN(const bool isChanged, applyPlan(m_state, plan));
    if (isChanged || !present) {
        ASSIGN_OR_RETURN(const Manifest manifest, finishApply(m_state, plan.name));
        m_supervisor.put(manifest);
    }
    v1::ApplyResponse response;
    response.set_changed(isChanged);
    return call.write(response);
}

Result<v1::ListResponse> NodeCalls::list(const v1::ListRequest& request) {
    const std::uint32_t most =
        request.page_size() == 0 ? kMaxPage : std::min(request.page_size(), kMaxPage);
    v1::ListResponse response;
    for (const NodeStatus& status : m_supervisor.list()) {
        const NodeName& name = status.manifest.name;
        if (!request.network().empty() && name.network != request.network()) continue;
        if (!request.page().empty() && name.toString() <= request.page()) continue;
        if (response.nodes_size() == static_cast<int>(most)) {
            const auto& last = response.nodes(response.nodes_size() - 1).ref();
            response.set_next_page(last.network() + "/" + last.node());
            break;
        }
        v1::NodeState& state = *response.add_nodes();
        state = stateOf(status);
        state.set_disk_bytes(diskUse(m_state.node(name)));
    }
    return response;
}

Result<v1::StartResponse> NodeCalls::start(Call& call, const v1::StartRequest& request) {
    ASSIGN_OR_RETURN(const auto names, fromMessage(request.nodes()));
    RETURN_IF_ERROR(call.begin(shown(names)));
    RETURN_IF_ERROR(m_supervisor.start(names, call.deadline(), call.stop()));
    v1::StartResponse response;
    for (const NodeName& name : names)
        if (const auto status = m_supervisor.status(name)) *response.add_nodes() = stateOf(*status);
    return response;
}

Result<v1::StopResponse> NodeCalls::stop(Call& call, const v1::StopRequest& request) {
    ASSIGN_OR_RETURN(const auto names, fromMessage(request.nodes()));
    RETURN_IF_ERROR(call.begin(shown(names)));
    RETURN_IF_ERROR(m_supervisor.stop(names, call.deadline(), call.stop()));
    return v1::StopResponse();
}

Result<v1::RestartResponse> NodeCalls::restart(Call& call, const v1::RestartRequest& request) {
    ASSIGN_OR_RETURN(const auto names, fromMessage(request.nodes()));
    RETURN_IF_ERROR(call.begin(shown(names)));
    RETURN_IF_ERROR(m_supervisor.stop(names, call.deadline(), call.stop()));
    RETURN_IF_ERROR(m_supervisor.start(names, call.deadline(), call.stop()));
    v1::RestartResponse response;
    for (const NodeName& name : names)
        if (const auto status = m_supervisor.status(name)) *response.add_nodes() = stateOf(*status);
    return response;
}

Result<v1::RemoveResponse> NodeCalls::remove(Call& call, const v1::RemoveRequest& request) {
    ASSIGN_OR_RETURN(auto names, fromMessage(request.nodes()));
    RETURN_IF_ERROR(call.begin(shown(names)));
    // What is not there need not be removed.
    std::erase_if(names, [&](const NodeName& name) { return !m_supervisor.status(name); });
    ASSIGN_OR_RETURN(auto hold, m_supervisor.hold(names, call.deadline(), call.stop()));
    RETURN_IF_ERROR(hold.stop(call.deadline(), call.stop()));
    hold.forget();
    for (const NodeName& name : names) RETURN_IF_ERROR(m_state.remove(name));
    return v1::RemoveResponse();
}

Status NodeCalls::watch(Call& call) {
    ASSIGN_OR_RETURN(const auto request, call.read<v1::WatchRequest>());
    const auto isWanted = [&](const NodeName& name) {
        return request.network().empty() || name.network == request.network();
    };
    std::uint64_t from = 0;
    while (!call.stop().stop_requested()) {
        const auto changes = m_supervisor.changes(from, call.deadline(), call.stop());
        if (!changes) break;
        v1::WatchResponse response;
        for (const NodeStatus& status : changes->nodes) {
            if (!isWanted(status.manifest.name)) continue;
            *response.add_nodes() = stateOf(status);
            if (response.nodes_size() < kNodesPerMessage) continue;
            RETURN_IF_ERROR(call.write(response));
            response.Clear();
        }
        for (const NodeName& name : changes->removed)
            if (isWanted(name)) toMessage(name, *response.add_removed());
        response.set_complete(true);
        const bool isNews = from == 0 || response.nodes_size() > 0 || response.removed_size() > 0;
        if (isNews) RETURN_IF_ERROR(call.write(response));
        from = changes->next;
    }
    return absl::OkStatus();
}

}  // namespace chancery::agent
