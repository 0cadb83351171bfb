#pragma once

#include <memory>

#include "src/interfaces/Nodes.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// gateway.Gateway of a peer. Fabric's error details come along (rpc::detailsOf).
std::shared_ptr<interfaces::Gateway> makeGatewayClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
