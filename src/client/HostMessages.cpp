#include "src/client/HostMessages.h"

namespace chancery::client {
namespace {

namespace v1 = agent::v1;
using interfaces::NodePhase;

NodePhase phaseOf(v1::NodePhase phase) {
    switch (phase) {
        case v1::NODE_PHASE_STARTING:
            return NodePhase::Starting;
        case v1::NODE_PHASE_RUNNING:
            return NodePhase::Running;
        case v1::NODE_PHASE_STOPPING:
            return NodePhase::Stopping;
        case v1::NODE_PHASE_WAITING_TO_RESTART:
            return NodePhase::WaitingToRestart;
        case v1::NODE_PHASE_FAILED:
            return NodePhase::Failed;
        default:
            return NodePhase::Stopped;
    }
}

}  // namespace

absl::Time timeOf(const google::protobuf::Timestamp& message) {
    return absl::FromUnixSeconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

void setTime(absl::Time time, google::protobuf::Timestamp& message) {
    const std::int64_t seconds = absl::ToUnixSeconds(time);
    message.set_seconds(seconds);
    message.set_nanos(
        static_cast<int>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

interfaces::HostRole roleOf(v1::Role role) {
    switch (role) {
        case v1::ROLE_ADMINISTRATOR:
            return interfaces::HostRole::Administrator;
        case v1::ROLE_OPERATOR:
            return interfaces::HostRole::Operator;
        default:
            return interfaces::HostRole::Auditor;
    }
}

v1::Role roleMessage(interfaces::HostRole role) {
    switch (role) {
        case interfaces::HostRole::Administrator:
            return v1::ROLE_ADMINISTRATOR;
        case interfaces::HostRole::Operator:
            return v1::ROLE_OPERATOR;
        case interfaces::HostRole::Auditor:
            break;
    }
    return v1::ROLE_AUDITOR;
}

void setRef(const interfaces::NodeRef& ref, v1::NodeRef& message) {
    message.set_network(ref.network);
    message.set_node(ref.node);
}

interfaces::NodeRef refOf(const v1::NodeRef& message) {
    return {.network = message.network(), .node = message.node()};
}

interfaces::NodeState stateOf(const v1::NodeState& message) {
    interfaces::NodeState state;
    state.ref = refOf(message.ref());
    state.kind = message.kind();
    state.engine = message.engine();
    state.version = message.version();
    state.phase = phaseOf(message.phase());
    state.problem = message.problem();
    state.processId = message.process_id();
    if (message.has_since()) state.since = timeOf(message.since());
    if (message.has_next_start()) state.nextStart = timeOf(message.next_start());
    state.restarts = message.restarts();
    if (message.has_last_exit()) {
        const auto& exit = message.last_exit();
        state.lastExit =
            interfaces::NodeExit{.when = timeOf(exit.when()),
                                 .sentence = exit.sentence(),
                                 .expected = exit.expected(),
                                 .lastLines = {exit.last_lines().begin(), exit.last_lines().end()}};
    }
    state.endpoints = {message.endpoints().begin(), message.endpoints().end()};
    state.labels = {message.labels().begin(), message.labels().end()};
    state.processorSeconds = message.processor_seconds();
    state.memoryBytes = message.memory_bytes();
    state.diskBytes = message.disk_bytes();
    state.hasPreviousVersion = message.has_previous_version();
    return state;
}

}  // namespace chancery::client
