#pragma once

#include "node/agent/Call.h"
#include "node/agent/Supervisor.h"

namespace chancery::agent {

/// The service HostFiles. Both must outlive the handlers.
Handlers fileHandlers(const StateFolder& state, Supervisor& supervisor);

}  // namespace chancery::agent
