#pragma once

#include <string>

#include "src/base/Deadline.h"

namespace chancery::agent {

/// Whether the operations service at "host:port" says by /healthz that its node serves. One that
/// wants TLS serves as soon as it shakes hands: its certificates are not the agent's affair.
bool isServing(const std::string& operations, Deadline deadline);

}  // namespace chancery::agent
