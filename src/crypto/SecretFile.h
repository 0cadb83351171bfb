#pragma once

#include <filesystem>
#include <string>

#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {

/// The first line of a file with a PIN or password, for programs that run unattended.
/// FAILED_PRECONDITION (SECRET_FILE_MODE) when others than its owner can read it, unless systemd
/// has put it there for this service (LoadCredential=); errors of readFile.
Result<Secret> readSecretFile(const std::filesystem::path& path);

}  // namespace chancery::crypto
