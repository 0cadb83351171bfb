#pragma once

#include "node/agent/Call.h"
#include "node/agent/Supervisor.h"

namespace chancery::agent {

/// The service HostLogs. The supervisor must outlive the handlers.
Handlers logHandlers(Supervisor& supervisor);

}  // namespace chancery::agent
