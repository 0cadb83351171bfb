#pragma once

#include <memory>

#include "src/interfaces/Nodes.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// orderer.AtomicBroadcast.Broadcast of an orderer; a stream for each envelope.
std::shared_ptr<interfaces::Ordering> makeBroadcastClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
