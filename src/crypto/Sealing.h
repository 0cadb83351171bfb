#pragma once

#include <cstdint>

#include "src/base/Bytes.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {

/// What one guess of a passphrase costs (RFC 7914): N = 2^log2N rounds, 128·r·N bytes of memory, p
/// times.
struct ScryptCost {
    unsigned log2N = 17;
    unsigned r = 8;
    unsigned p = 1;

    std::uint64_t memory() const { return (std::uint64_t(128) * r) << log2N; }
    friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};

/// The key that a passphrase gives. INVALID_ARGUMENT (BAD_KDF) for parameters that make no sense or
/// would need more than 1 GiB or four times the work of one such pass.
Result<Secret> deriveKey(BytesView passphrase, BytesView salt, ScryptCost cost,
                         std::size_t bytes = 32);
/// PBKDF2 with HMAC over the hash, for files that other programs must read.
enum class Pbkdf2Hash { Sha1, Sha256, Sha384, Sha512 };
Result<Secret> deriveKeyPbkdf2(BytesView passphrase, BytesView salt, Pbkdf2Hash hash,
                               std::uint32_t iterations, std::size_t bytes);

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kSealOverhead = 12 + 16;  ///< nonce in front, tag behind

/// AES-256-GCM under a fresh nonce: nonce ‖ ciphertext ‖ tag. `associated` is bound to it and not
/// hidden. The key has 32 bytes.
Result<Bytes> seal(const Secret& key, BytesView plain, BytesView associated,
                   Random& random = Random::system());
/// UNAUTHENTICATED (SEAL_BROKEN) when key, bytes or associated bytes are not those of seal().
Result<Secret> unseal(const Secret& key, BytesView sealed, BytesView associated);

/// HMAC-SHA256, 32 bytes.
Bytes hmacSha256(const Secret& key, BytesView message);

}  // namespace chancery::crypto
