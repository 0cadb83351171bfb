#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "src/base/Deadline.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A blocking TCP socket that is connected, closed by programs that are started. UNAVAILABLE:
/// HOST_UNKNOWN, CONNECTION_REFUSED. Looking the name up takes as long as the system's resolver.
Result<Descriptor> connectSocket(const std::string& host, std::uint16_t port, Deadline deadline);

}  // namespace chancery::node
