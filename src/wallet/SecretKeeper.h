#pragma once

#include <string>

#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::wallet {

/// Where secrets of a workspace are kept or asked for: a terminal, a descriptor, the desktop's
/// keychain. The passphrase is named by the workspace's id, a key by keychainName. May wait for a
/// person; thread-safe where it says so.
class SecretKeeper {
public:
    virtual ~SecretKeeper() = default;
    /// NOT_FOUND (NO_SECRET) when it is not there; UNAVAILABLE when it cannot be asked now.
    virtual Result<crypto::Secret> read(const std::string& name) = 0;
    /// UNIMPLEMENTED (NOT_KEPT) by those that only ask.
    virtual Status keep(const std::string& name, const crypto::Secret& secret) = 0;
    /// OK when it was not there.
    virtual Status forget(const std::string& name) = 0;
};

}  // namespace chancery::wallet
