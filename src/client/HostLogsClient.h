#pragma once

#include <memory>

#include "src/interfaces/Host.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

std::unique_ptr<interfaces::HostLogs> makeHostLogsClient(std::shared_ptr<grpc::Channel> channel);

}  // namespace chancery::client
