#pragma once

// For the sources of this folder.
#include <grpcpp/support/channel_arguments.h>

#include "src/rpc/Options.h"

namespace chancery::rpc {

grpc::ChannelArguments channelArguments(const ClientLimits& limits);

}  // namespace chancery::rpc
