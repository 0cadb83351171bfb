#include "node/ca/CaKeys.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "node/ca/ParentCa.h"
#include "node/ca/Refusal.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/crypto/Pem.h"
#include "src/identity/ChainBuilder.h"
#include "src/identity/Extensions.h"
#include "src/identity/Issue.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMostKeyFile = 1U << 20;

Status bad(const CaOptions& options, std::string_view reason, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, reason,
                     fmt::format("CA '{}': {}", options.name, why), {{"ca", options.name}});
}

Result<crypto::PrivateKey> loadKey(const std::filesystem::path& file) {
    RETURN_IF_ERROR(checkOwnersOnly(file));
    ASSIGN_OR_RETURN(const Bytes pem, readFile(file, kMostKeyFile));
    return crypto::PrivateKey::fromPem(pem);
}

Result<crypto::SignerPtr> inMemory(Result<crypto::PrivateKey> key) {
    if (!key.ok()) return key.status();
    return std::make_shared<crypto::PrivateKey>(*std::move(key));
}

Result<CaKeys> makeRoot(const CaOptions& options, crypto::SignerPtr key, const Clock& clock) {
    identity::SubjectName subject = options.subject;
    if (subject.commonName.empty()) subject.commonName = options.name;
    ASSIGN_OR_RETURN(auto certificate,
                     identity::issueSelfSigned(identity::fabricCaRoot(subject, clock.now()), *key));
    std::string chain = certificate.toPem();
    return CaKeys{std::move(key), std::move(certificate), std::move(chain)};
}

Result<CaKeys> make(const CaOptions& options, const Clock& clock) {
    ASSIGN_OR_RETURN(auto key,
                     options.token
                         ? crypto::openOrMakeTokenSigner(*options.token, options.suite->key)
                         : inMemory(loadOrMakeKey(options.folder / "key.pem", options.suite->key)));
    ASSIGN_OR_RETURN(CaKeys keys, options.parent ? enrolAtParent(options, std::move(key))
                                                 : makeRoot(options, std::move(key), clock));
    // The certificate last: only with it the CA is there.
    RETURN_IF_ERROR(writeFileAtomically(options.folder / "chain.pem", keys.chainPem));
    RETURN_IF_ERROR(writeFileAtomically(options.folder / "cert.pem", keys.certificate.toPem()));
    log::info(kCaRoom, fmt::format("CA '{}' has a new certificate: {}", options.name,
                                   keys.certificate.subject()));
    return keys;
}

Status check(const CaOptions& options, const CaKeys& keys) {
    if (!(keys.key->publicKey() == keys.certificate.publicKey()))
        return bad(options, "KEY_MISMATCH", "the key is not that of the certificate");
    if (keys.key->algorithm() != options.suite->key)
        return bad(options, "SUITE_MISMATCH",
                   fmt::format("its key is of kind {}, its suite {} wants another",
                               crypto::nameOf(keys.key->algorithm()), options.suite->name));
    const unsigned wanted = identity::kCertSign | identity::kCrlSign;
    if (!keys.certificate.isCa() ||
        (keys.certificate.keyUsage().value_or(wanted) & wanted) != wanted)
        return bad(options, "CA_MAY_NOT_SIGN",
                   "its certificate is not that of a CA that may sign certificates and "
                   "revocation lists");
    // Each certificate of the chain is signed by the next.
    std::optional<identity::Certificate> below;
    for (const auto& block : crypto::readAllPem(keys.chainPem, 16)) {
        ASSIGN_OR_RETURN(auto next, identity::Certificate::fromDer(block.der));
        if (!below && !(next == keys.certificate))
            return bad(options, "BAD_CHAIN", "its chain does not begin with its certificate");
        if (below)
            if (const Status signedBy = identity::checkSignedBy(*below, next); !signedBy.ok())
                return bad(options, "BAD_CHAIN", messageOf(signedBy));
        below = std::move(next);
    }
    if (!below) return bad(options, "BAD_CHAIN", "its chain is empty");
    return absl::OkStatus();
}

}  // namespace

Status checkOwnersOnly(const std::filesystem::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        return makeError(StatusCode::kPermissionDenied, "KEY_FILE_EXPOSED",
                         fmt::format("{} may be read by others; chmod 600 and, if somebody could "
                                     "have, a new key are needed",
                                     file.string()),
                         {{"path", file.string()}});
    return absl::OkStatus();
}

Result<crypto::PrivateKey> loadOrMakeKey(const std::filesystem::path& file,
                                         crypto::KeyAlgorithm algorithm) {
    if (std::error_code error; std::filesystem::exists(file, error)) return loadKey(file);
    ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::generate(algorithm));
    RETURN_IF_ERROR(writeFileAtomically(file, key.toPem(), 0600));
    return key;
}

Result<CaKeys> loadCaKeys(const CaOptions& options, const Clock& clock) {
    const bool isForeign = !options.certificate.empty();
    const auto certificateFile = isForeign ? options.certificate : options.folder / "cert.pem";
    const auto keyFile = isForeign ? options.key : options.folder / "key.pem";
    const auto chainFile = isForeign ? options.chain : options.folder / "chain.pem";
    std::error_code error;
    if (!isForeign && !std::filesystem::exists(certificateFile, error)) {
        ASSIGN_OR_RETURN(auto made, make(options, clock));
        RETURN_IF_ERROR(check(options, made));
        return made;
    }
    ASSIGN_OR_RETURN(auto key, options.token ? crypto::openTokenSigner(*options.token)
                                             : inMemory(loadKey(keyFile)));
    ASSIGN_OR_RETURN(const Bytes certificatePem, readFile(certificateFile, kMostKeyFile));
    ASSIGN_OR_RETURN(auto certificate, identity::Certificate::fromPem(certificatePem));
    std::string chain = certificate.toPem();
    if (!chainFile.empty()) {
        ASSIGN_OR_RETURN(chain, readFile(chainFile, kMostKeyFile));
    }
    CaKeys keys{std::move(key), std::move(certificate), std::move(chain)};
    RETURN_IF_ERROR(check(options, keys));
    return keys;
}

}  // namespace chancery::node
