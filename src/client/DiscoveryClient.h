#pragma once

#include <memory>

#include "src/interfaces/Discovery.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// discovery.Discovery of a peer.
std::shared_ptr<interfaces::Discovery> makeDiscoveryClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
