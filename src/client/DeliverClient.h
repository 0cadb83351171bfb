#pragma once

#include <memory>

#include "src/interfaces/Nodes.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// protos.Deliver of a peer.
std::shared_ptr<interfaces::Delivery> makePeerDeliverClient(std::shared_ptr<grpc::Channel> channel);
/// orderer.AtomicBroadcast.Deliver of an orderer; filtered blocks are UNIMPLEMENTED
/// (PEERS_ONLY).
std::shared_ptr<interfaces::Delivery> makeOrdererDeliverClient(
    std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
