#pragma once

#include <memory>

#include "node/deliver/DeliverService.h"
#include "node/orderer/BroadcastProcessor.h"

namespace chancery::node {

/// orderer.AtomicBroadcast on gRPC's callback API. What is given must outlive it.
std::unique_ptr<grpc::Service> makeAtomicBroadcastService(const BroadcastProcessor& processor,
                                                          DeliverStreams& streams,
                                                          DeliverKind blocks);

}  // namespace chancery::node
