#pragma once

#include <filesystem>
#include <string>

#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {

/// The first line of a file with a PIN or password, for programs that run unattended.
/// FAILED_PRECONDITION (SECRET_FILE_MODE) when others than its owner can read it, unless systemd
/// has put it there for this service; INVALID_ARGUMENT (SECRET_FILE_EMPTY); errors of readFile.
Result<Secret> readSecretFile(const std::filesystem::path& path);

/// Where systemd puts what LoadCredential= calls `name`. INVALID_ARGUMENT (BAD_CREDENTIAL_NAME);
/// NOT_FOUND (NO_CREDENTIALS) when the program was not started with credentials.
Result<std::filesystem::path> credentialFile(const std::string& name);

}  // namespace chancery::crypto
