#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

/// What may be asked of a certificate authority with the REST interface of Fabric CA: ours and
/// Fabric's own. Every call blocks until its deadline at the latest and may come from any thread.
///
/// Refusals of the CA have the arguments `status` (HTTP), `code` (Fabric CA's number) and `message`
/// (its own words): UNAUTHENTICATED (CA_AUTHENTICATION_FAILED, CA_IDENTITY_LOCKED),
/// PERMISSION_DENIED (CA_NOT_ALLOWED), ALREADY_EXISTS (ALREADY_REGISTERED), FAILED_PRECONDITION
/// (ALREADY_REVOKED), NOT_FOUND (NO_SUCH_CA, NO_SUCH_CERTIFICATE, NO_SUCH_IDENTITY,
/// NOT_REGISTERED), and CA_REFUSED with the code that fits. Calls that did not get through:
/// UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED with the reasons of http::Client. Answers
/// that are not what was asked for: DATA_LOSS (UNEXPECTED_ANSWER).
namespace chancery::interfaces {

/// How a CA is reached. Always TLS.
struct CaAddress {
    std::string endpoint;     ///< "host:port"
    std::string caName = {};  ///< empty: the first of that server
    std::string tlsRootsPem;
    /// Expected in its TLS certificate instead of the host; may be empty.
    std::string serverName = {};
    /// The CA's certificates as they are known already; when given, answers must lead to them.
    std::string chainPem = {};

    friend bool operator==(const CaAddress&, const CaAddress&) = default;
};

/// Who asks: an identity with a certificate of that CA, whose key signs every request. The key may
/// live anywhere.
struct CaCaller {
    std::string certificatePem;
    /// As identity::SigningIdentity signs: the hash of the key's suite, low S. Any thread.
    std::function<Result<Bytes>(BytesView message)> sign;
};

struct CaInfo {
    std::string name;
    std::string chainPem;  ///< the CA's own certificate and those above it
    std::string version;   ///< of the server
    std::string suite;     ///< "SM2"; empty when the CA does not say (Fabric's do not)
};

struct CaAttribute {
    std::string name;
    std::string value;
    bool inCertificate = false;  ///< certificates show it unless asked otherwise
    friend bool operator==(const CaAttribute&, const CaAttribute&) = default;
};

/// An attribute that a certificate shall show.
struct CaAttributeWish {
    std::string name;
    bool optional = false;  ///< no refusal when the identity lacks it
};

/// What is asked a certificate for.
struct EnrolmentRequest {
    std::string requestPem;    ///< PKCS#10, signed with the key that is to be certified
    std::string profile = {};  ///< "" for identities, "tls", "ca"
    std::vector<std::string> hosts = {};
    /// Nothing: the attributes that certificates show by default.
    std::optional<std::vector<CaAttributeWish>> attributes = {};
};

/// A new certificate; it is for the request's key, and its chain leads to a root.
struct Enrolment {
    std::string certificatePem;
    CaInfo ca;
};

/// One registered identity.
struct CaIdentity {
    std::string id;
    /// "client", "peer", "orderer", "admin"; empty: that of the registrar.
    std::string type = {};
    std::string affiliation = {};              ///< "org1.sales"; empty: the registrar's
    std::vector<CaAttribute> attributes = {};  ///< in a change an empty value removes
    /// How many certificates the secret gives; -1: any number; nothing: the CA's default.
    std::optional<std::int64_t> maxEnrollments = {};
    friend bool operator==(const CaIdentity&, const CaIdentity&) = default;
};

/// Which certificates; what is left out does not matter. Revoked and expired ones are included
/// unless excluded.
struct CertificateQuery {
    std::string id = {};
    std::string serial = {};  ///< hex, together with `authorityKeyId`
    std::string authorityKeyId = {};
    std::optional<absl::Time> expiresFrom = {};
    std::optional<absl::Time> expiresUntil = {};
    std::optional<absl::Time> revokedFrom = {};
    std::optional<absl::Time> revokedUntil = {};
    bool notExpired = false;  ///< not together with expiresFrom or expiresUntil
    bool notRevoked = false;  ///< not together with revokedFrom or revokedUntil
};

/// One certificate by serial number and key identifier of its issuer, or all of an identity, which
/// then cannot enrol any more.
struct RevocationRequest {
    std::string id = {};
    std::string serial = {};          ///< hex
    std::string authorityKeyId = {};  ///< hex
    /// RFC 5280 in Fabric CA's words: "keycompromise", "superseded", "cessationofoperation" …;
    /// empty: unspecified.
    std::string reason = {};
    bool wantsCrl = false;
};

struct Revocation {
    struct Revoked {
        std::string serial;  ///< hex
        std::string authorityKeyId;
    };
    std::vector<Revoked> revoked;
    std::string crlPem;  ///< empty unless it was wanted
};

/// Whose certificates a revocation list shall show.
struct CrlQuery {
    std::optional<absl::Time> revokedAfter = {};
    std::optional<absl::Time> revokedBefore = {};
    std::optional<absl::Time> expireAfter = {};
    std::optional<absl::Time> expireBefore = {};
};

/// Certificates of one CA.
class CertificateAuthority {
public:
    virtual ~CertificateAuthority() = default;

    /// Needs no caller. DATA_LOSS (CA_CHAIN_BROKEN, CA_CHAIN_CHANGED).
    virtual Result<CaInfo> info(Deadline deadline) = 0;
    /// With the secret of a registration; needs no caller. DATA_LOSS: CERTIFICATE_OF_OTHER_KEY,
    /// CERTIFICATE_NOT_OF_CA, CA_CHAIN_BROKEN, CA_CHAIN_CHANGED.
    virtual Result<Enrolment> enrol(const EnrolmentRequest& request, const std::string& id,
                                    const std::string& secret, Deadline deadline) = 0;
    /// A further certificate for the caller; the same errors.
    virtual Result<Enrolment> reenrol(const EnrolmentRequest& request, Deadline deadline) = 0;
    /// Calls `each` with the PEM of every certificate that the caller may see, in the CA's order;
    /// it ends the listing by an error of its own, which comes back. The interface has no pages:
    /// RESOURCE_EXHAUSTED (ANSWER_TOO_LARGE) above 256 MiB asks for a narrower query.
    virtual Status certificates(const CertificateQuery& query,
                                const std::function<Status(BytesView pem)>& each,
                                Deadline deadline) = 0;
    /// NOT_FOUND when there is no such certificate or identity. DATA_LOSS (CRL_NOT_OF_CA).
    virtual Result<Revocation> revoke(const RevocationRequest& request, Deadline deadline) = 0;
    /// A fresh list, in PEM, signed by the CA. DATA_LOSS (CRL_NOT_OF_CA).
    virtual Result<std::string> crl(const CrlQuery& query, Deadline deadline) = 0;
};

/// An affiliation and those below it, by full names.
struct Affiliation {
    std::string name;  ///< empty: of all roots
    std::vector<Affiliation> below;
    std::vector<CaIdentity> identities;  ///< those that a change has touched
};

struct AffiliationChange {
    enum class Kind { Add, Rename, Remove };
    Kind kind = Kind::Add;
    std::string name = {};
    std::string newName = {};  ///< Rename
    /// Add: those above as well; Rename, Remove: also when identities belong to it.
    bool force = false;
};

/// Who is registered at one CA.
class IdentityRegistry {
public:
    virtual ~IdentityRegistry() = default;

    /// `secret` empty: one of the CA's making. Gives the secret, which the CA never tells again.
    virtual Result<std::string> registerIdentity(const CaIdentity& identity,
                                                 const std::string& secret, Deadline deadline) = 0;
    /// Changes what is not empty; `secret` too.
    virtual Result<CaIdentity> changeIdentity(const CaIdentity& identity, const std::string& secret,
                                              Deadline deadline) = 0;
    /// Revokes its certificates as well. `force` for one's own.
    virtual Status removeIdentity(const std::string& id, bool force, Deadline deadline) = 0;
    /// All that the caller may see, or one.
    virtual Result<std::vector<CaIdentity>> identities(Deadline deadline) = 0;
    virtual Result<CaIdentity> identity(const std::string& id, Deadline deadline) = 0;

    /// At and below `name`; empty: all that the caller may see.
    virtual Result<Affiliation> affiliations(const std::string& name, Deadline deadline) = 0;
    virtual Result<Affiliation> changeAffiliation(const AffiliationChange& change,
                                                  Deadline deadline) = 0;
};

/// Makes connections to CAs: nothing is sent before the first call. Thread-safe.
/// INVALID_ARGUMENT: BAD_ENDPOINT, BAD_CERTIFICATE, NO_ROOTS.
class CaConnector {
public:
    virtual ~CaConnector() = default;
    /// Without a caller only info and enrol work; the others are FAILED_PRECONDITION (NO_CALLER).
    virtual Result<std::shared_ptr<CertificateAuthority>> authority(const CaAddress& ca,
                                                                    const CaCaller& caller) = 0;
    virtual Result<std::shared_ptr<IdentityRegistry>> registry(const CaAddress& ca,
                                                               const CaCaller& caller) = 0;
};

}  // namespace chancery::interfaces
