#include "src/identity/SigningIdentity.h"

#include <fmt/format.h>

#include <system_error>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Suite.h"
#include "src/identity/Identity.h"
#include "src/identity/MspFiles.h"

namespace chancery::identity {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostCertificateBytes = 1 << 20;
constexpr std::uint64_t kMostKeyBytes = 64 << 10;
constexpr std::size_t kMostKeys = 4096;

class IdentityWithKey final : public SigningIdentity {
public:
    IdentityWithKey(MspId mspId, Certificate certificate, Bytes serialized, crypto::SignerPtr key,
                    crypto::HashAlgorithm messageHash)
        : m_mspId(std::move(mspId)),
          m_certificate(std::move(certificate)),
          m_serialized(std::move(serialized)),
          m_key(std::move(key)),
          m_messageHash(messageHash) {}

    const MspId& mspId() const override { return m_mspId; }
    const Certificate& certificate() const override { return m_certificate; }
    const Bytes& serialized() const override { return m_serialized; }
    Result<Bytes> sign(BytesView message) const override {
        return m_key->sign(message, m_messageHash);
    }

private:
    MspId m_mspId;
    Certificate m_certificate;
    Bytes m_serialized;
    crypto::SignerPtr m_key;
    crypto::HashAlgorithm m_messageHash;
};

Result<SigningIdentityPtr> make(const MspId& mspId, Certificate certificate, crypto::SignerPtr key,
                                std::optional<crypto::HashAlgorithm> messageHash) {
    if (!(certificate.publicKey() == key->publicKey()))
        return makeError(StatusCode::kInvalidArgument, "KEY_MISMATCH",
                         fmt::format("the private key is not that of the certificate '{}'",
                                     printable(certificate.subject(), 256)),
                         {{"certificate", certificate.subject()}});
    // The creator bytes hold one plain block, whatever text the file had around it.
    Bytes serialized = serializeIdentity(mspId, certificate.toPem());
    const crypto::HashAlgorithm hash =
        messageHash.value_or(crypto::suiteOf(key->algorithm()).messageHash);
    return std::make_shared<IdentityWithKey>(mspId, std::move(certificate), std::move(serialized),
                                             std::move(key), hash);
}

// As Fabric looks: the file named after the key's identifier first, then every small file of the
// folder.
Result<crypto::PrivateKey> findKey(const fs::path& keystore, const crypto::PublicKey& wanted) {
    const std::string name = toHex(wanted.ski()) + "_sk";
    const auto readKey = [&](const fs::path& path) -> Result<crypto::PrivateKey> {
        ASSIGN_OR_RETURN(const Bytes pem, readFile(path, kMostKeyBytes));
        return crypto::PrivateKey::fromPem(pem);
    };
    const auto belongs = [&](const Result<crypto::PrivateKey>& key) {
        return key.ok() && key->publicKey() == wanted;
    };
    if (auto key = readKey(keystore / name); belongs(key)) return key;
    std::error_code error;
    std::size_t seen = 0;
    for (fs::directory_iterator it(keystore, error), end;
         !error && it != end && ++seen <= kMostKeys; it.increment(error))
        if (auto key = readKey(it->path()); belongs(key)) return key;
    return makeError(StatusCode::kNotFound, "NO_PRIVATE_KEY",
                     fmt::format("{}: there is no private key with identifier {}",
                                 keystore.string(), toHex(wanted.ski())),
                     {{"folder", keystore.string()}, {"ski", toHex(wanted.ski())}});
}

}  // namespace

Result<SigningIdentityPtr> makeSigningIdentity(const MspId& mspId, BytesView certificatePem,
                                               BytesView keyPem,
                                               std::optional<crypto::HashAlgorithm> messageHash) {
    ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::fromPem(keyPem));
    ASSIGN_OR_RETURN(Certificate certificate, Certificate::fromPem(certificatePem));
    return make(mspId, std::move(certificate), std::make_shared<crypto::PrivateKey>(std::move(key)),
                messageHash);
}

Result<SigningIdentityPtr> makeSigningIdentity(const MspId& mspId, BytesView certificatePem,
                                               crypto::SignerPtr key,
                                               std::optional<crypto::HashAlgorithm> messageHash) {
    ASSIGN_OR_RETURN(Certificate certificate, Certificate::fromPem(certificatePem));
    return make(mspId, std::move(certificate), std::move(key), messageHash);
}

Result<Certificate> loadSigningCertificate(const fs::path& mspFolder) {
    ASSIGN_OR_RETURN(const auto files,
                     readPemFiles(mspFolder / "signcerts", kMostCertificateBytes));
    if (files.empty())
        return makeError(
            StatusCode::kNotFound, "NO_SIGNING_CERTIFICATE",
            fmt::format("{}: there is no certificate", (mspFolder / "signcerts").string()),
            {{"folder", mspFolder.string()}});
    return Certificate::fromPem(files.front().bytes);
}

Result<SigningIdentityPtr> loadSigningIdentity(const fs::path& mspFolder, const MspId& mspId,
                                               std::optional<crypto::HashAlgorithm> messageHash) {
    ASSIGN_OR_RETURN(const Certificate certificate, loadSigningCertificate(mspFolder));
    ASSIGN_OR_RETURN(crypto::PrivateKey key,
                     findKey(mspFolder / "keystore", certificate.publicKey()));
    return make(mspId, certificate, std::make_shared<crypto::PrivateKey>(std::move(key)),
                messageHash);
}

Result<SigningIdentityPtr> loadSigningIdentity(const fs::path& mspFolder, const MspId& mspId,
                                               crypto::SignerPtr key,
                                               std::optional<crypto::HashAlgorithm> messageHash) {
    ASSIGN_OR_RETURN(Certificate certificate, loadSigningCertificate(mspFolder));
    return make(mspId, std::move(certificate), std::move(key), messageHash);
}

}  // namespace chancery::identity
