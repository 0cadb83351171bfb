#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/client/Watch.h"
#include "src/interfaces/Node.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// Sent with every call: for a host's agent which node is meant (`chancery-network`,
/// `chancery-node`); for a node's own socket who calls (`chancery-role`, `chancery-caller`).
using CallMetadata = std::vector<std::pair<std::string, std::string>>;

/// A node over its own admin API (chancery.admin.v1.NodeAdmin), directly or through the agent of
/// its host. Nothing is sent before the first call. Thread-safe.
std::shared_ptr<interfaces::Node> makeBuiltinNode(std::shared_ptr<grpc::Channel> channel,
                                                  CallMetadata metadata, WatchPauses pauses = {});

/// By a socket of this machine: a node's own, or an agent's. Errors of rpc::makeChannel.
Result<std::shared_ptr<interfaces::Node>> makeBuiltinNode(const std::string& socket,
                                                          CallMetadata metadata);

}  // namespace chancery::client
