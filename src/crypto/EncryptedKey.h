#pragma once

#include "src/base/Random.h"
#include "src/crypto/Key.h"

namespace chancery::crypto {

/// PEM "ENCRYPTED PRIVATE KEY" (PKCS#8, RFC 5208; PBES2 of RFC 8018): PBKDF2 with HMAC-SHA256 and
/// AES-256-CBC, which OpenSSL, Java and Go's usual libraries read. INVALID_ARGUMENT
/// (EMPTY_PASSPHRASE).
inline constexpr std::uint32_t kExportIterations = 600'000;
Result<Bytes> writeEncryptedKey(const PrivateKey& key, BytesView passphrase,
                                std::uint32_t iterations = kExportIterations,
                                Random& random = Random::system());

/// What reading a file may cost at most.
struct DerivationLimit {
    std::uint32_t iterations = 10'000'000;
    std::uint64_t memory = 256U << 20;
};

/// Such a file by any program: PBKDF2 (SHA-1, SHA-2) or scrypt, AES in CBC mode. UNAUTHENTICATED
/// (WRONG_PASSPHRASE); INVALID_ARGUMENT: NOT_PEM, BAD_KEY, UNSUPPORTED_ENCRYPTION (other ways, or a
/// derivation that costs more than `limit`), and those of
/// PrivateKey::fromPem.
Result<PrivateKey> readEncryptedKey(BytesView pem, BytesView passphrase,
                                    DerivationLimit limit = {});

/// Whether the first PEM block is one of those.
bool isEncryptedKey(BytesView pem);

}  // namespace chancery::crypto
