#pragma once

#include <memory>

#include "src/interfaces/Nodes.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// protos.Endorser of a peer.
std::shared_ptr<interfaces::Endorser> makeEndorserClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
