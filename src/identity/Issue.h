#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"
#include "src/identity/Name.h"

namespace chancery::identity {

/// An immutable PKCS#10 request; a cheap handle, safe to use from several threads.
class CertificateRequest {
public:
    /// PEM labelled "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST". INVALID_ARGUMENT: NOT_PEM,
    /// BAD_REQUEST and the reasons of names, keys and extensions.
    static Result<CertificateRequest> fromPem(BytesView pem);
    static Result<CertificateRequest> fromDer(BytesView der);

    const Bytes& der() const;
    std::string toPem() const;
    const std::string& subject() const;  ///< as Certificate::subject
    const Name& name() const;
    const crypto::PublicKey& publicKey() const;
    const std::vector<std::string>& hosts() const;  ///< alternative names asked for
    bool asksForCa() const;  ///< basicConstraints CA:TRUE among the extensions asked for

    /// That whoever made it holds the key; either half of S. UNAUTHENTICATED: BAD_SIGNATURE and the
    /// like.
    Status checkSignature() const;

    struct Impl;
    explicit CertificateRequest(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}

private:
    std::shared_ptr<const Impl> m_impl;
};

/// What names may hold: lengths of X.520 (C 2, O, OU, CN and serialNumber 64, L and ST 128),
/// visible ASCII for hosts. INVALID_ARGUMENT: BAD_NAME, BAD_HOST.
Status checkRequested(const SubjectName& subject, const std::vector<std::string>& hosts);

Result<CertificateRequest> makeCertificateRequest(const SubjectName& subject,
                                                  const std::vector<std::string>& hosts,
                                                  const crypto::Signer& key);

/// What a certificate shall say. The functions below fill it in as Fabric's own tools do (fact
/// sheet A §1.4, §7.4).
struct CertificateTemplate {
    enum class KeyId { None, Sha256, Sha1 };  ///< subject key identifier: digest of the key's point

    SubjectName subject;
    absl::Time notBefore;
    absl::Time notAfter;
    std::size_t serialBytes = 16;  ///< of randomness, unless `serial` is given
    Bytes serial;                  ///< big-endian
    bool isCa = false;
    std::optional<int> pathLength;
    unsigned keyUsage = 0;  ///< KeyUsage bits; 0 leaves the extension out
    std::vector<std::string>
        extendedKeyUsages;  ///< object identifiers; none leaves the extension out
    KeyId subjectKeyId = KeyId::None;
    std::vector<std::string> hosts;  ///< DNS names, addresses and e-mail addresses
    /// fabric-ca attributes; an empty list is an extension without attributes, nothing leaves it
    /// out.
    std::optional<std::vector<std::pair<std::string, std::string>>> attributes;
};

/// cryptogen: ten years from five minutes ago, 128-bit serial numbers.
CertificateTemplate cryptogenCa(SubjectName subject, absl::Time now);
CertificateTemplate cryptogenIdentity(SubjectName subject, absl::Time now);
CertificateTemplate cryptogenTls(SubjectName subject, std::vector<std::string> hosts,
                                 absl::Time now);

/// fabric-ca: 160-bit serial numbers, SHA-1 key identifiers. Root 15 years, intermediate 5, the
/// others one year, never longer than `issuer`; they begin when it began, so that they are valid in
/// the ledger from the start.
CertificateTemplate fabricCaRoot(SubjectName subject, absl::Time now);
CertificateTemplate fabricCaIntermediate(SubjectName subject, const Certificate& issuer,
                                         absl::Time now);
CertificateTemplate fabricCaIdentity(SubjectName subject, const Certificate& issuer,
                                     absl::Time now);
CertificateTemplate fabricCaTls(SubjectName subject, std::vector<std::string> hosts,
                                const Certificate& issuer, absl::Time now);

/// Signs with the hash of the issuer key's suite, low S. INVALID_ARGUMENT: BAD_NAME, BAD_HOST,
/// BAD_VALIDITY, BAD_SERIAL, KEY_MISMATCH (the key is not the issuer's), CA_MAY_NOT_SIGN.
Result<Certificate> issueCertificate(const CertificateTemplate& content,
                                     const crypto::PublicKey& subjectKey, const Certificate& issuer,
                                     const crypto::Signer& issuerKey,
                                     Random& random = Random::system());

/// Issuer and subject are the same.
Result<Certificate> issueSelfSigned(const CertificateTemplate& content, const crypto::Signer& key,
                                    Random& random = Random::system());

}  // namespace chancery::identity
