#pragma once

#include <string>

#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::wallet {

/// Where the passphrase of a workspace is kept or asked for: a terminal, a descriptor, the
/// desktop's keychain. Workspaces are named by their id. May wait for a person; thread-safe where
/// it says so.
class SecretKeeper {
public:
    virtual ~SecretKeeper() = default;
    /// NOT_FOUND (NO_SECRET) when it is not there; UNAVAILABLE when it cannot be asked now.
    virtual Result<crypto::Secret> read(const std::string& workspaceId) = 0;
    /// UNIMPLEMENTED (NOT_KEPT) by those that only ask.
    virtual Status keep(const std::string& workspaceId, const crypto::Secret& secret) = 0;
    virtual Status forget(const std::string& workspaceId) = 0;
};

}  // namespace chancery::wallet
