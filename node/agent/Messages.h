#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <vector>

#include "chancery/agent/v1/access.pb.h"
#include "chancery/agent/v1/nodes.pb.h"
#include "node/agent/Supervisor.h"
#include "src/rpc/AdminRights.h"

namespace chancery::agent {

inline constexpr int kMaxNodesPerCall = 500;

void toMessage(absl::Time time, google::protobuf::Timestamp& message);
absl::Time fromMessage(const google::protobuf::Timestamp& message);
v1::Role toMessage(rpc::Role role);
/// INVALID_ARGUMENT (BAD_ROLE).
Result<rpc::Role> fromMessage(v1::Role role);
void toMessage(const NodeName& name, v1::NodeRef& message);
Result<NodeName> fromMessage(const v1::NodeRef& message);
/// None twice. INVALID_ARGUMENT (BAD_NODE_NAME, TOO_MANY_NODES).
Result<std::vector<NodeName>> fromMessage(
    const google::protobuf::RepeatedPtrField<v1::NodeRef>& messages);
/// Without what the node uses.
void toMessage(const NodeStatus& status, v1::NodeState& message);

/// "network/node, network/node".
std::string shown(const std::vector<NodeName>& names);

}  // namespace chancery::agent
