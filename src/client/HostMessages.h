#pragma once

#include <google/protobuf/timestamp.pb.h>

#include "chancery/agent/v1/access.pb.h"
#include "chancery/agent/v1/nodes.pb.h"
#include "src/interfaces/Host.h"

namespace chancery::client {

absl::Time timeOf(const google::protobuf::Timestamp& message);
void setTime(absl::Time time, google::protobuf::Timestamp& message);
interfaces::HostRole roleOf(agent::v1::Role role);
agent::v1::Role roleMessage(interfaces::HostRole role);
void setRef(const interfaces::NodeRef& ref, agent::v1::NodeRef& message);
interfaces::NodeRef refOf(const agent::v1::NodeRef& message);
interfaces::NodeState stateOf(const agent::v1::NodeState& message);

}  // namespace chancery::client
