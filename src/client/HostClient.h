#pragma once

#include <memory>

#include "src/interfaces/Host.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// A machine by a connection to its agent, however that was made.
std::shared_ptr<interfaces::Host> makeHostClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
