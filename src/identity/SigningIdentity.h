#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::identity {

/// Who signs: an MSP id, a certificate and a key. The key may live elsewhere (file, keychain,
/// token), so this is an interface. Thread-safe.
class SigningIdentity {
public:
    virtual ~SigningIdentity() = default;
    virtual const MspId& mspId() const = 0;
    virtual const Certificate& certificate() const = 0;
    /// SerializedIdentity bytes (the `creator` of what it signs).
    virtual const Bytes& serialized() const = 0;
    virtual Result<Bytes> sign(BytesView message) const = 0;
};

using SigningIdentityPtr = std::shared_ptr<const SigningIdentity>;

/// With a key in memory. INVALID_ARGUMENT (KEY_MISMATCH) when the key is not the certificate's.
/// `messageHash` is the MSP's; without it that of the key's suite (SHA-256, for SM2 SM3).
Result<SigningIdentityPtr> makeSigningIdentity(
    const MspId& mspId, BytesView certificatePem, BytesView keyPem,
    std::optional<crypto::HashAlgorithm> messageHash = std::nullopt);

/// With a key that lives elsewhere (a wallet, a token); the same refusals.
Result<SigningIdentityPtr> makeSigningIdentity(
    const MspId& mspId, BytesView certificatePem, crypto::SignerPtr key,
    std::optional<crypto::HashAlgorithm> messageHash = std::nullopt);

/// From a local MSP folder: first file of signcerts, key found in keystore as Fabric finds it (fact
/// sheet A §1.4). NOT_FOUND: NO_SIGNING_CERTIFICATE, NO_PRIVATE_KEY.
Result<SigningIdentityPtr> loadSigningIdentity(
    const std::filesystem::path& mspFolder, const MspId& mspId,
    std::optional<crypto::HashAlgorithm> messageHash = std::nullopt);

/// The same folder with a key that lives elsewhere (a token); keystore is not looked at.
/// NO_SIGNING_CERTIFICATE, KEY_MISMATCH.
Result<SigningIdentityPtr> loadSigningIdentity(
    const std::filesystem::path& mspFolder, const MspId& mspId, crypto::SignerPtr key,
    std::optional<crypto::HashAlgorithm> messageHash = std::nullopt);

/// The first certificate of signcerts. NO_SIGNING_CERTIFICATE.
Result<Certificate> loadSigningCertificate(const std::filesystem::path& mspFolder);

}  // namespace chancery::identity
