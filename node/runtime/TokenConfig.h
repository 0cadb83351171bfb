#pragma once

// For the sources of this folder: keys in tokens.
#include <optional>
#include <string>

#include "node/runtime/ConfigReader.h"
#include "src/crypto/TokenPlace.h"

namespace chancery::node {

/// What the setting `name` and the section `token` beside it say; nothing unless `name` is a
/// PKCS#11 URI. Mistakes are remembered in the section.
std::optional<crypto::TokenPlace> readTokenKey(ConfigSection& section, const std::string& name);

/// The file of a secret: what `name` + "File" says, or `name` + "Credential", which is the name
/// that systemd's LoadCredential= gives it. Both are a mistake; none is an empty path.
std::filesystem::path readSecretPath(ConfigSection& section, const std::string& name);

}  // namespace chancery::node
