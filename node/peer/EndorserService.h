#pragma once

#include <chrono>
#include <memory>

#include "node/peer/PeerChannel.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// protos.Endorser on gRPC's callback API. `endorser` must outlive the server. A call that brings
/// no deadline gets `longest`.
std::unique_ptr<grpc::Service> makeEndorserService(
    Endorser& endorser, std::chrono::milliseconds longest = std::chrono::minutes(5));

}  // namespace chancery::node
