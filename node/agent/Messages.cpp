#include "node/agent/Messages.h"

#include <fmt/format.h>
#include <algorithm>

namespace chancery::agent {
namespace {

v1::NodePhase phaseMessage(Phase phase) {
    switch (phase) {
        case Phase::Stopped:
            return v1::NODE_PHASE_STOPPED;
        case Phase::Starting:
            return v1::NODE_PHASE_STARTING;
        case Phase::Running:
            return v1::NODE_PHASE_RUNNING;
        case Phase::Stopping:
            return v1::NODE_PHASE_STOPPING;
        case Phase::WaitingToRestart:
            return v1::NODE_PHASE_WAITING_TO_RESTART;
        case Phase::Failed:
            break;
    }
    return v1::NODE_PHASE_FAILED;
}

void writeExit(const LastExit& exit, v1::NodeExit& message) {
    agent::toMessage(exit.when, *message.mutable_when());
    message.set_sentence(exit.sentence);
    message.set_expected(exit.isExpected);
    for (const std::string& line : exit.lastLines) message.add_last_lines(line);
}

}  // namespace

void toMessage(absl::Time time, google::protobuf::Timestamp& message) {
    const std::int64_t seconds = absl::ToUnixSeconds(time);
    message.set_seconds(seconds);
    message.set_nanos(
        static_cast<int>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

absl::Time fromMessage(const google::protobuf::Timestamp& message) {
    return absl::FromUnixSeconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

v1::Role toMessage(rpc::Role role) {
    switch (role) {
        case rpc::Role::Administrator:
            return v1::ROLE_ADMINISTRATOR;
        case rpc::Role::Operator:
            return v1::ROLE_OPERATOR;
        case rpc::Role::Auditor:
            break;
    }
    return v1::ROLE_AUDITOR;
}

Result<rpc::Role> fromMessage(v1::Role role) {
    switch (role) {
        case v1::ROLE_ADMINISTRATOR:
            return rpc::Role::Administrator;
        case v1::ROLE_OPERATOR:
            return rpc::Role::Operator;
        case v1::ROLE_AUDITOR:
            return rpc::Role::Auditor;
        default:
            return makeError(StatusCode::kInvalidArgument, "BAD_ROLE", "there is no such role");
    }
}

void toMessage(const NodeName& name, v1::NodeRef& message) {
    message.set_network(name.network);
    message.set_node(name.node);
}

Result<NodeName> fromMessage(const v1::NodeRef& message) {
    return makeNodeName(message.network(), message.node());
}

Result<std::vector<NodeName>> fromMessage(
    const google::protobuf::RepeatedPtrField<v1::NodeRef>& messages) {
    if (messages.size() > kMaxNodesPerCall)
        return makeError(StatusCode::kInvalidArgument, "TOO_MANY_NODES",
                         fmt::format("a call names at most {} nodes", kMaxNodesPerCall));
    std::vector<NodeName> names;
    for (const auto& message : messages) {
        ASSIGN_OR_RETURN(auto name, fromMessage(message));
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

void toMessage(const NodeStatus& status, v1::NodeState& message) {
    toMessage(status.manifest.name, *message.mutable_ref());
    message.set_kind(status.manifest.kind);
    message.set_engine(status.manifest.engine);
    message.set_version(status.manifest.version);
    message.set_phase(phaseMessage(status.phase));
    message.set_problem(status.problem);
    message.set_process_id(status.process);
    if (status.since) toMessage(*status.since, *message.mutable_since());
    if (status.nextStart) toMessage(*status.nextStart, *message.mutable_next_start());
    message.set_restarts(status.restarts);
    if (status.lastExit) writeExit(*status.lastExit, *message.mutable_last_exit());
    message.mutable_endpoints()->insert(status.endpoints.begin(), status.endpoints.end());
    message.mutable_labels()->insert(status.manifest.labels.begin(), status.manifest.labels.end());
}

std::string shown(const std::vector<NodeName>& names) {
    std::string text;
    for (const NodeName& name : names) text += (text.empty() ? "" : ", ") + name.toString();
    return text;
}

}  // namespace chancery::agent
