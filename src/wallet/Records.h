#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::wallet {

/// Where a key lives that is not in the workspace's own files.
struct TokenPlace {
    std::filesystem::path module;
    std::string token;   ///< label
    std::string serial;  ///< may be empty
    std::string key;     ///< label of the key in the token
};

/// A key of the workspace; the readable part of "keys/ID.key".
struct KeyInfo {
    std::string id;  ///< PublicKey::ski(), hex: the name that Fabric gives to key files
    std::string label;
    crypto::PublicKey publicKey;
    absl::Time made;
    std::optional<TokenPlace> token;
    bool inKeychain = false;  ///< of the desktop; neither: sealed in its file
};

/// A member of an organisation; the readable part of "identities/….identity".
struct IdentityInfo {
    std::string label;
    MspId mspId;
    identity::Certificate certificate;
    absl::Time added;

    std::string keyId() const;  ///< of the certificate's key, whether it is here or not
};

std::string writeKeyRecord(const KeyInfo& key);
/// Any text. INVALID_ARGUMENT (WALLET_FILE_DAMAGED) names `name`.
Result<KeyInfo> parseKeyRecord(std::string_view metadata, std::string_view name);

std::string writeIdentityRecord(const IdentityInfo& identity);
Result<IdentityInfo> parseIdentityRecord(std::string_view metadata, std::string_view name);

/// Labels are 1 to 128 bytes of UTF-8 without control characters. INVALID_ARGUMENT (BAD_LABEL).
Status checkLabel(std::string_view label);

/// Under which name the desktop's keychain has a key.
std::string keychainName(const std::string& workspaceId, const std::string& keyId);

/// "keys/ID.key" and "identities/….identity" (a digest, because labels may hold anything).
std::string keyFile(const std::string& id);
std::string identityFile(const std::string& label);

}  // namespace chancery::wallet
