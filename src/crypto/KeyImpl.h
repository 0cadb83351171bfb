#pragma once

// For folders that speak OpenSSL: the handles behind PublicKey and PrivateKey.
#include <openssl/evp.h>

#include <array>
#include <atomic>
#include <memory>

#include "src/crypto/FastVerifier.h"
#include "src/crypto/Key.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeKeyContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;

/// A few ready contexts of one key. Making a context costs some microseconds, and one may serve
/// only one thread at a time: a thread takes one out, uses it and puts it back.
class ContextPool {
public:
    using Initialise = int (*)(EVP_PKEY_CTX*);
    explicit ContextPool(Initialise initialise) : m_initialise(initialise) {}
    ~ContextPool();

    /// Null only when memory is short.
    KeyContext take(EVP_PKEY* key) const;
    void giveBack(KeyContext context) const;

private:
    Initialise m_initialise;
    mutable std::array<std::atomic<EVP_PKEY_CTX*>, 4> m_idle{};
};

/// The tables of a key that has verified often; see FastVerifier.
class FrequentUse {
public:
    /// Counts a check by this key. The tables; null until they are made, on a thread of their own,
    /// which the call that reaches the limit asks for.
    const FastVerifier* count(const PublicKey::Impl& key) const;

private:
    mutable std::atomic<std::uint32_t> m_uses = 0;
    mutable std::atomic<const FastVerifier*> m_ready = nullptr;
    mutable std::unique_ptr<const FastVerifier> m_owned;
};

struct PublicKey::Impl : std::enable_shared_from_this<PublicKey::Impl> {
    KeyAlgorithm algorithm{};
    KeyHandle handle;
    Bytes der;    ///< SubjectPublicKeyInfo, re-encoded
    Bytes point;  ///< 04‖X‖Y; the raw key for Ed25519; SEQUENCE of modulus and exponent for RSA
    Bytes sm2Z;   ///< SM2: digest of user id, curve and key that goes before every message
    ContextPool verifiers{EVP_PKEY_verify_init};
    FrequentUse frequentUse;

    static Result<PublicKey> fromPoint(KeyAlgorithm algorithm, BytesView point);
};

struct PrivateKey::Impl {
    Impl(PublicKey publicKeyOfThis, BytesView secretNumber)
        : publicKey(std::move(publicKeyOfThis)), secret(secretNumber) {}

    PublicKey publicKey;
    Secret secret;  ///< curves: the number, padded to the size of the curve; Ed25519: the seed
    KeyHandle handle;
    ContextPool signers{EVP_PKEY_sign_init};

    /// From the number (any length without meaning zeros) or the seed.
    static Result<PrivateKey> fromSecret(KeyAlgorithm algorithm, BytesView secret);
};

}  // namespace chancery::crypto
