#pragma once

#include <string>

#include "node/agent/StateFolder.h"
#include "src/rpc/Tls.h"

namespace chancery::agent {

/// What every agent is called in its own certificate; clients pin the certificate itself.
inline constexpr const char* kAgentTlsName = "chancery-agent";

/// The agent's key and self-signed certificate, made the first time. FAILED_PRECONDITION
/// (KEY_FILE_OPEN) when others may read the key.
Result<rpc::TlsIdentity> agentIdentity(const StateFolder& state);

}  // namespace chancery::agent
