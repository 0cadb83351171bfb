#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "node/ca/CaKeys.h"
#include "node/ca/CaOptions.h"
#include "node/ca/CaStore.h"
#include "node/ca/CertificateTable.h"
#include "node/ca/DirectoryUsers.h"
#include "node/ca/IdentityTable.h"
#include "node/ca/IssueLog.h"
#include "node/ca/Lint.h"
#include "node/ca/RequestBody.h"
#include "node/ca/Token.h"
#include "src/base/Clock.h"
#include "src/base/LruCache.h"
#include "src/base/Random.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"

namespace chancery::node {

/// Who makes a request, and with which certificate.
struct Caller {
    IdentityRow identity;
    CertificateRow certificate;
    std::vector<std::string> units;  ///< of that certificate
};

/// What somebody asks a certificate for.
struct EnrolmentOrder {
    IdentityRow owner;
    identity::CertificateRequest request;
    Profile profile = Profile::Identity;
    std::vector<std::string> hosts;  ///< none: those of the request
    std::optional<absl::Time> notBefore;
    /// None: the attributes that certificates show by default.
    std::optional<std::vector<AttributeRequest>> attributes;
    std::vector<std::string> formerUnits;  ///< of the certificate that is renewed
    bool usesSecret = true;                ///< counts as a use of the owner's secret
};

struct CrlFilter {
    std::optional<absl::Time> revokedAfter;
    std::optional<absl::Time> revokedBefore;
    std::optional<absl::Time> expireAfter;
    std::optional<absl::Time> expireBefore;
};

struct NewIdentity {
    std::string id;
    std::string type;
    std::string affiliation;
    Attributes attributes;
    std::string secret;                          ///< empty: a random one
    bool randomSecret = false;                   ///< the given one has 128 random bits and more
    std::optional<std::int64_t> maxEnrollments;  ///< nothing: once for each profile
};

/// One certificate authority: its key, its table and log of certificates, its revocation list.
/// Thread-safe. Refusals are those of Refusal.h.
class CertificateAuthority {
public:
    /// Opens or makes the CA, brings log, table and revocation list into agreement. `clock` and
    /// `random` outlive it. Errors of loadCaKeys, CaStore::open and IssueLog::open; DATA_LOSS
    /// (SERIAL_TWICE) when log and table have different certificates of one serial number.
    static Result<std::unique_ptr<CertificateAuthority>> open(CaOptions options,
                                                              const Clock& clock = Clock::system(),
                                                              Random& random = Random::system());

    const CaOptions& options() const { return m_options; }
    const std::string& name() const { return m_options.name; }
    const CaKeys& keys() const { return m_keys; }
    CaStore& store() { return *m_store; }
    absl::Time now() const { return m_clock.now(); }

    /// Whether identities are those of a directory: nobody is registered or changed here.
    bool usesDirectory() const { return m_directory != nullptr; }

    /// Whose secret this is. Wrong ones are counted; after maxAttempts of them in a row only a
    /// registrar who sets a new secret helps. With a directory the secret is its user's password,
    /// and the directory counts; UNAVAILABLE when it does not answer.
    Result<IdentityRow> login(const Credentials& credentials);
    /// Whose certificate signed the request.
    Result<Caller> authenticate(const Token& token, bool ignoreExpiry);

    /// Judges the request, signs, records. What is returned is on disk.
    Result<identity::Certificate> enrol(const EnrolmentOrder& order);
    /// Gives the secret. The registrar's rights were checked before.
    Result<std::string> add(NewIdentity identity);
    /// The hash under which a secret is kept.
    Result<std::string> hashSecret(const std::string& secret);

    /// A fresh revocation list of what the filter lets through. REFUSED with Fabric CA's codes when
    /// its times cross.
    Result<identity::RevocationList> makeCrl(const CrlFilter& filter);
    /// Writes crl.pem anew. To be called after revocations.
    Status publishCrl();
    /// Writes crl.pem anew when half of its validity is over.
    Status refreshCrl();

    /// A certificate for this process's own server. Recorded as nobody's.
    Result<identity::Certificate> issueForServer(const crypto::PublicKey& key,
                                                 const std::vector<std::string>& hosts);
    /// That table and log can be used.
    Status checkHealth();

private:
    CertificateAuthority(CaOptions options, CaKeys keys, const Clock& clock, Random& random)
        : m_options(std::move(options)),
          m_keys(std::move(keys)),
          m_clock(clock),
          m_random(random) {}

    Status prepare();
    Result<IdentityRow> loginByDirectory(const Credentials& credentials);
    Result<IdentityRow> upToDate(IdentityRow row);
    Status reconcile();
    Status appendMissingEntries();
    Status insertMissingRows();
    Status checkPublishedCrl();
    Status checkUses(const IdentityRow& row, Profile profile) const;
    Status checkUnique(store::Connection& connection, const CertificateRow& row, Profile profile,
                       const std::vector<std::string>& hosts) const;
    Result<identity::CertificateTemplate> contentOf(const EnrolmentOrder& order,
                                                    const std::vector<std::string>& hosts);
    Status record(const identity::Certificate& certificate, const std::string& id, Profile profile,
                  const std::function<Status(store::Connection&)>& before);
    bool isRemembered(const IdentityRow& row, const std::string& secret);
    void remember(const IdentityRow& row, const std::string& secret);
    Bytes digestOf(const IdentityRow& row, const std::string& secret) const;

    const CaOptions m_options;
    const CaKeys m_keys;
    const Clock& m_clock;
    Random& m_random;
    std::unique_ptr<CaStore> m_store;
    std::unique_ptr<IssueLog> m_log;  // while the store writes
    std::unique_ptr<DirectoryUsers> m_directory;
    std::array<std::mutex, 64> m_loggingIn;  // by the hash of the identity's name
    std::counting_semaphore<> m_hashing{4};
    Bytes m_memoryKey;  // of this process, for m_remembered
    LruCache<std::shared_ptr<const Bytes>> m_remembered{10'000};  // digests of right secrets
    std::mutex m_crlMutex;
    absl::Time m_crlDue;
};

/// Attributes with those that only the CA sets.
Attributes withFixedAttributes(Attributes attributes, const std::string& id,
                               const std::string& type, const std::string& affiliation);

}  // namespace chancery::node
