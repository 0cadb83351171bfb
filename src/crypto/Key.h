#pragma once

#include <memory>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {

enum class KeyAlgorithm { EcdsaP224, EcdsaP256, EcdsaP384, EcdsaP521, Ed25519, Sm2, Rsa };

std::string_view nameOf(KeyAlgorithm algorithm);

/// How certificates, requests and revocation lists are signed.
enum class SignatureScheme {
    EcdsaSha1,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    RsaSha1,
    RsaSha256,
    RsaSha384,
    RsaSha512,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    Ed25519,
    Sm2Sm3,
};

std::string_view nameOf(SignatureScheme scheme);
bool isEcdsa(SignatureScheme scheme);

/// An immutable public key; a cheap handle, safe to copy and to use from several threads.
class PublicKey {
public:
    /// From a DER SubjectPublicKeyInfo. INVALID_ARGUMENT: BAD_KEY (not a key, point off the curve,
    /// RSA below 2048 bit or above 8192), UNSUPPORTED_KEY (another algorithm or curve).
    static Result<PublicKey> fromDer(BytesView subjectPublicKeyInfo);

    KeyAlgorithm algorithm() const;
    Bytes toDer() const;
    /// Fabric's key identifier: SHA-256 over 04‖X‖Y for curves, over the raw key for Ed25519, 32
    /// bytes.
    Bytes ski() const;

    /// Fabric's rule for messages: `hash` over the message once (Ed25519: the raw message; SM2: SM3
    /// with the standard user id), ECDSA strictly DER with 0 < r, 0 < s ≤ N/2; bytes behind the
    /// sequence are ignored. Refusals are UNAUTHENTICATED with reason BAD_SIGNATURE, HIGH_S,
    /// SIGNATURE_NOT_DER or KEY_CANNOT_SIGN (RSA, as Fabric).
    Status verify(BytesView message, BytesView signature, HashAlgorithm hash) const;

    /// The rule for certificates, requests and revocation lists: either half of S, but nothing
    /// behind the sequence. Refusals are UNAUTHENTICATED with reason BAD_SIGNATURE or
    /// SIGNATURE_NOT_DER.
    Status verifyScheme(SignatureScheme scheme, BytesView message, BytesView signature) const;

    bool operator==(const PublicKey& other) const;

    struct Impl;
    explicit PublicKey(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
    /// For the folders that speak OpenSSL themselves (identity, rpc).
    const Impl& impl() const { return *m_impl; }

private:
    std::shared_ptr<const Impl> m_impl;
};

/// An ECDSA signature (strict DER) with S replaced by N − S when it is above half of the order of
/// the curve that signed; what is already low comes back in the same bytes. INVALID_ARGUMENT:
/// SIGNATURE_NOT_DER, BAD_SIGNATURE.
Result<Bytes> toLowS(BytesView signature, KeyAlgorithm curve);

/// Whether the bytes are an ECDSA signature in the only form that DER allows, with two numbers
/// above zero.
bool isCanonicalSignature(BytesView signature);

/// Whoever can sign with one private key, wherever it lives: in memory, in an encrypted file or in
/// a token. What it signs cannot be told from what a key in memory signs. Thread-safe; may wait for
/// a device.
class Signer {
public:
    virtual ~Signer() = default;

    virtual PublicKey publicKey() const = 0;
    /// Signature as PublicKey::verify expects it: ECDSA strictly DER with low S, SM2 over SM3 and
    /// the standard user id, Ed25519 over the raw message. FAILED_PRECONDITION (KEY_LOCKED,
    /// TOKEN_LOCKED, TOKEN_NO_MECHANISM), UNAVAILABLE (TOKEN_GONE) when the key cannot be used now.
    virtual Result<Bytes> sign(BytesView message, HashAlgorithm hash) const = 0;

    KeyAlgorithm algorithm() const { return publicKey().algorithm(); }

protected:
    Signer() = default;
    Signer(const Signer&) = default;
    Signer& operator=(const Signer&) = default;
};

using SignerPtr = std::shared_ptr<const Signer>;

/// A private key in memory. Wiped when the last handle goes; never printed.
class PrivateKey final : public Signer {
public:
    static Result<PrivateKey> generate(KeyAlgorithm algorithm);
    /// PKCS#8 or SEC1, any PEM label, unencrypted, as Fabric reads key files. INVALID_ARGUMENT:
    /// NOT_PEM, BAD_KEY, KEY_ENCRYPTED, UNSUPPORTED_KEY, KEY_CANNOT_SIGN (RSA).
    static Result<PrivateKey> fromPem(BytesView pem);
    /// PKCS#8 or SEC1; the same refusals.
    static Result<PrivateKey> fromDer(BytesView der);

    PublicKey publicKey() const override;
    /// PEM "PRIVATE KEY", PKCS#8 in the exact form that Fabric's tools write (fact sheet A §1.4).
    Bytes toPem() const;
    /// What stands in that PEM.
    Secret toDer() const;

    Result<Bytes> sign(BytesView message, HashAlgorithm hash) const override;

    struct Impl;
    explicit PrivateKey(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
    const Impl& impl() const { return *m_impl; }

private:
    std::shared_ptr<const Impl> m_impl;
};

}  // namespace chancery::crypto
