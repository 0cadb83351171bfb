#pragma once

#include <string_view>

#include "src/base/Status.h"
#include "src/crypto/Key.h"

namespace chancery::crypto {

/// Hash, signature and certificate algorithms chosen together, so that nothing above asks which
/// they are.
struct Suite {
    std::string_view name;  ///< "ECDSA-P256", "ECDSA-P384", "ED25519", "SM2"
    KeyAlgorithm key;
    HashAlgorithm messageHash;  ///< what a message is hashed with before signing
    HashAlgorithm certificateHash;
    bool fabricCompatible;  ///< whether real Fabric nodes understand it (SM2: no; Ed25519: v3 only)
};

const Suite& ecdsaP256();
const Suite& ecdsaP384();  ///< Fabric hashes messages with SHA-256 also for P-384 keys
const Suite& ed25519();
const Suite& sm2();

/// NOT_FOUND (UNKNOWN_SUITE).
Result<const Suite*> suiteNamed(std::string_view name);
/// The suite that a key belongs to; for curves without a suite of their own, P-256's hashes.
const Suite& suiteOf(KeyAlgorithm algorithm);

}  // namespace chancery::crypto
