#include "node/ca/CertificateAuthority.h"

#include <fmt/format.h>

#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/crypto/Digest.h"
#include "src/crypto/PasswordHash.h"
#include "src/identity/Extensions.h"

namespace chancery::node {
namespace {

constexpr std::size_t kSecretLength = 24;  // of 62 letters and digits: 142 bits
constexpr std::size_t kMostId = 64;        // a common name holds no more

void makeSecret(Random& random, std::string& secret) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    while (secret.size() < kSecretLength)
        for (const char c : random.bytes(kSecretLength)) {
            const auto byte = static_cast<unsigned char>(c);
            // Those above would make some letters more frequent than others.
            if (byte < 4 * kAlphabet.size() && secret.size() < kSecretLength)
                secret += kAlphabet[byte % kAlphabet.size()];
        }
}

absl::Time toMinute(absl::Time time) {
    return absl::FromUnixSeconds(absl::ToUnixSeconds(time) / 60 * 60);
}

using AttributePairs = std::vector<std::pair<std::string, std::string>>;

/// What the certificate's extension says; nothing when there is none to be.
Result<std::optional<AttributePairs>> attributesFor(const EnrolmentOrder& order) {
    AttributePairs pairs;
    if (!order.attributes) {
        for (const Attribute& one : order.owner.attributes)
            if (one.inCertificate) pairs.emplace_back(one.name, one.value);
        if (pairs.empty()) return std::optional<AttributePairs>();
        return std::optional(std::move(pairs));
    }
    std::string missing;
    for (const AttributeRequest& wanted : *order.attributes) {
        const Attribute* found = findAttribute(order.owner.attributes, wanted.name);
        if (found != nullptr)
            pairs.emplace_back(found->name, found->value);
        else if (!wanted.optional)
            missing += (missing.empty() ? "" : " ") + printable(wanted.name, 128);
    }
    if (!missing.empty())
        return refuse(400, CaError::AttributeExtension,
                      fmt::format("Failed to find requested attributes: The following required "
                                  "attributes are missing: [{}]",
                                  missing));
    return std::optional(std::move(pairs));
}

}  // namespace

Attributes withFixedAttributes(Attributes attributes, const std::string& id,
                               const std::string& type, const std::string& affiliation) {
    mergeAttributes(attributes, {{std::string(attribute::kEnrollmentId), id, true},
                                 {std::string(attribute::kType), type, true},
                                 {std::string(attribute::kAffiliation), affiliation, true}});
    // Fabric CA keeps an empty affiliation as an attribute, too.
    if (affiliation.empty()) attributes.push_back({std::string(attribute::kAffiliation), {}, true});
    return attributes;
}

Bytes CertificateAuthority::digestOf(const IdentityRow& row, const std::string& secret) const {
    const std::string sizes = fmt::format("{}:{}:", row.secret.size(), secret.size());
    return crypto::sha256({m_memoryKey, sizes, row.secret, secret});
}

bool CertificateAuthority::isRemembered(const IdentityRow& row, const std::string& secret) {
    const auto known = m_remembered.find(row.id);
    // Of digests under a key that nobody knows, an early difference tells nothing.
    return known && **known == digestOf(row, secret);
}

void CertificateAuthority::remember(const IdentityRow& row, const std::string& secret) {
    m_remembered.insert(row.id, std::make_shared<const Bytes>(digestOf(row, secret)));
}

Status CertificateAuthority::checkUses(const IdentityRow& row, Profile profile) const {
    if (row.revoked)
        return refuseAuthentication(
            CaError::InvalidPassword,
            fmt::format("Login failure: User {} is revoked; access denied", row.id));
    if (row.maxEnrollments == 0)
        return refuseAuthentication(
            CaError::InvalidPassword,
            fmt::format("Login failure: the secret of '{}' may not be used", row.id));
    std::int64_t most = row.maxEnrollments;
    if (m_options.maxEnrollments >= 0 && (most < 0 || most > m_options.maxEnrollments))
        most = m_options.maxEnrollments;
    const std::int64_t uses = !row.perProfile           ? row.uses
                              : profile == Profile::Tls ? row.tlsUses
                                                        : row.uses - row.tlsUses;
    if (most >= 0 && uses >= most)
        return refuseAuthentication(
            CaError::InvalidPassword,
            fmt::format("Login failure: The identity {} has already enrolled {} times, it has "
                        "reached its maximum enrollment allowance",
                        row.id, uses));
    return absl::OkStatus();
}

Result<IdentityRow> CertificateAuthority::login(const Credentials& credentials) {
    if (m_options.maxEnrollments == 0)
        return refuseAuthentication(CaError::EnrollDisabled, "Enroll is disabled");
    if (m_directory) return loginByDirectory(credentials);
    // One after the other for each identity, or many guesses at once would count as one.
    const std::lock_guard lock(
        m_loggingIn[std::hash<std::string>()(credentials.id) % m_loggingIn.size()]);
    std::optional<IdentityRow> row;
    RETURN_IF_ERROR(m_store->read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(row, findIdentity(connection, credentials.id));
        return absl::OkStatus();
    }));
    if (!row)
        return refuseAuthentication(
            CaError::InvalidUser,
            fmt::format("Failed to get user '{}'", printable(credentials.id, kMostId)));
    if (m_options.maxAttempts > 0 && row->failures >= m_options.maxAttempts)
        return refuse(401, CaError::PasswordAttempts,
                      fmt::format("Incorrect password entered {} times, max incorrect password "
                                  "limit of {} reached",
                                  row->failures, m_options.maxAttempts));
    if (!isRemembered(*row, credentials.secret)) {
        m_hashing.acquire();  // each takes 16 MiB
        const bool isRight = crypto::isPassword(credentials.secret, row->secret);
        m_hashing.release();
        if (!isRight) {
            RETURN_IF_ERROR(m_store->write(
                [&](auto& connection) { return countFailure(connection, row->id); }));
            return refuseAuthentication(
                CaError::InvalidPassword,
                fmt::format("Login failure: Password mismatch for '{}'", row->id));
        }
        remember(*row, credentials.secret);
    }
    if (row->failures > 0)
        RETURN_IF_ERROR(
            m_store->write([&](auto& connection) { return clearFailures(connection, row->id); }));
    return *std::move(row);
}

// Guesses are the directory's to count: it has policies for that, and what is locked there is
// locked everywhere.
Result<IdentityRow> CertificateAuthority::loginByDirectory(const Credentials& credentials) {
    auto login = m_directory->login(credentials.id, credentials.secret);
    const auto refused = [&](CaError error) {
        return refuseAuthentication(
            error, fmt::format("Login failure: '{}': {}", printable(credentials.id, kMostId),
                               messageOf(login.status())));
    };
    if (absl::IsUnavailable(login.status())) return login.status();
    if (reasonOf(login.status()) == "WRONG_PASSWORD") return refused(CaError::InvalidPassword);
    if (!login.ok()) return refused(CaError::InvalidUser);
    // A row for what only the CA knows: whose certificates there are, and that they are revoked.
    RETURN_IF_ERROR(m_store->write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const auto present, findIdentity(connection, login->id));
        if (!present) return insertIdentity(connection, *login);
        login->revoked = present->revoked;
        return updateIdentity(connection, *login);
    }));
    return login;
}

// With a directory nobody acts with rights that were taken away there since.
Result<IdentityRow> CertificateAuthority::upToDate(IdentityRow row) {
    if (!m_directory) return row;
    auto now = m_directory->find(row.id);
    if (absl::IsUnavailable(now.status())) return now.status();
    if (!now.ok())
        return refuseAuthentication(
            CaError::GettingUser,
            fmt::format("Failed to get user '{}': {}", row.id, messageOf(now.status())));
    now->revoked = row.revoked;
    return now;
}

Result<Caller> CertificateAuthority::authenticate(const Token& token, bool ignoreExpiry) {
    std::optional<CertificateRow> row;
    std::optional<IdentityRow> identity;
    RETURN_IF_ERROR(m_store->read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(row,
                         findCertificate(connection, normalHex(token.certificate.serialHex())));
        if (!row) return absl::OkStatus();
        ASSIGN_OR_RETURN(identity, findIdentity(connection, row->id));
        return absl::OkStatus();
    }));
    // What stands in the table was issued here: no chain need be checked.
    if (!row || row->pem != token.certificate.toPem())
        return refuseAuthentication(
            CaError::UntrustedCertificate,
            fmt::format("Untrusted certificate: '{}' was not issued by CA '{}'",
                        printable(token.certificate.subject(), 256), name()));
    if (row->revokedAt)
        return refuseAuthentication(
            CaError::CertificateRevoked,
            fmt::format("The certificate of '{}' in the authorization header is revoked", row->id));
    const absl::Time now = m_clock.now();
    if (now < token.certificate.notBefore() ||
        (now > token.certificate.notAfter() && !ignoreExpiry))
        return refuseAuthentication(
            CaError::CertificateExpired,
            fmt::format("The certificate of '{}' in the authorization header is not valid now",
                        row->id));
    if (!identity)
        return refuseAuthentication(CaError::GettingUser,
                                    fmt::format("Failed to get user '{}'", row->id));
    if (identity->revoked)
        return refuseAuthorization(CaError::RevokedIdentity,
                                   fmt::format("Enrollment ID '{}' is revoked", row->id));
    ASSIGN_OR_RETURN(IdentityRow current, upToDate(*std::move(identity)));
    return Caller{.identity = std::move(current),
                  .certificate = *std::move(row),
                  .units = token.certificate.organizationalUnits()};
}

Result<identity::CertificateTemplate> CertificateAuthority::contentOf(
    const EnrolmentOrder& order, const std::vector<std::string>& hosts) {
    const auto isMeaningful = [&](const std::string& unit) -> Result<bool> {
        for (const std::string_view role : {"client", "peer", "orderer", "admin", "user"})
            if (equalsIgnoringCase(unit, role)) return true;
        bool isPart = false;
        RETURN_IF_ERROR(m_store->read([&](auto& connection) -> Status {
            ASSIGN_OR_RETURN(isPart, isAffiliationPart(connection, unit));
            return absl::OkStatus();
        }));
        return isPart;
    };
    ASSIGN_OR_RETURN(auto subject, lintRequest({.request = order.request,
                                                .owner = order.owner,
                                                .profile = order.profile,
                                                .hosts = hosts,
                                                .formerUnits = order.formerUnits,
                                                .ca = m_keys.certificate,
                                                .suite = *m_options.suite},
                                               isMeaningful));
    const absl::Time now = m_clock.now();
    identity::CertificateTemplate content;
    absl::Duration validity = m_options.validity;
    switch (order.profile) {
        case Profile::Identity:
            content = identity::fabricCaIdentity(std::move(subject), m_keys.certificate, now);
            content.hosts = hosts;
            break;
        case Profile::Tls:
            content = identity::fabricCaTls(std::move(subject), hosts, m_keys.certificate, now);
            validity = m_options.tlsValidity;
            break;
        case Profile::Ca:
            content = identity::fabricCaIntermediate(std::move(subject), m_keys.certificate, now);
            validity = m_options.caValidity;
            break;
    }
    content.notAfter = std::min(toMinute(now) + validity, m_keys.certificate.notAfter());
    if (order.notBefore) content.notBefore = std::max(*order.notBefore, content.notBefore);
    if (content.notBefore >= content.notAfter)
        return refuse(400, CaError::BadCsr, "the certificate would end before it begins");
    ASSIGN_OR_RETURN(content.attributes, attributesFor(order));
    return content;
}

Status CertificateAuthority::checkUnique(store::Connection& connection, const CertificateRow& row,
                                         Profile profile,
                                         const std::vector<std::string>& hosts) const {
    ASSIGN_OR_RETURN(const auto keyOwner, otherOwnerOfKey(connection, row.keyId, row.id));
    if (keyOwner)
        return refuse(400, CaError::CsrRefused,
                      *keyOwner == row.id
                          ? "CSR input validation failed: the key was revoked as compromised"
                          : "CSR input validation failed: the key belongs to another identity");
    if (profile != Profile::Tls) return absl::OkStatus();
    for (const std::string& host : hosts) {
        if (isLoopback(host) ||
            std::ranges::find(m_options.sharedHosts, host) != m_options.sharedHosts.end())
            continue;
        ASSIGN_OR_RETURN(const auto owner,
                         otherOwnerOfHost(connection, host, row.id, m_clock.now()));
        if (owner)
            return refuse(400, CaError::CsrRefused,
                          fmt::format("CSR input validation failed: the host '{}' belongs to "
                                      "another identity",
                                      printable(host, 256)));
    }
    return absl::OkStatus();
}

Status CertificateAuthority::record(const identity::Certificate& certificate, const std::string& id,
                                    Profile profile,
                                    const std::function<Status(store::Connection&)>& before) {
    CertificateRow row = rowOf(certificate, id, std::string(nameOf(profile)));
    std::optional<std::uint64_t> logSize;
    const auto work = [&](store::Connection& connection) -> Status {
        RETURN_IF_ERROR(before(connection));
        RETURN_IF_ERROR(checkUnique(connection, row, profile, certificate.hosts()));
        // The log first: whatever happens from here on, the certificate is known.
        logSize = m_log->size();
        ASSIGN_OR_RETURN(
            row.logEnd,
            m_log->append({.id = id, .profile = row.profile, .der = certificate.der()}));
        ASSIGN_OR_RETURN(const auto number, insertCertificate(connection, row));
        if (profile != Profile::Tls) return absl::OkStatus();
        return insertHosts(connection, number, certificate.hosts());
    };
    // Nobody has seen a certificate without a row; it must not come back as issued.
    return m_store->write(work, [&] {
        if (!logSize) return;
        if (const Status undone = m_log->shorten(*logSize); !undone.ok())
            log::error(kCaRoom, std::string(messageOf(undone)));
    });
}

Result<identity::Certificate> CertificateAuthority::enrol(const EnrolmentOrder& order) {
    const auto& hosts = order.hosts.empty() ? order.request.hosts() : order.hosts;
    const bool counts = order.usesSecret && !m_directory;
    if (counts) RETURN_IF_ERROR(checkUses(order.owner, order.profile));
    ASSIGN_OR_RETURN(const auto content, contentOf(order, hosts));
    CertificateRow asked;
    asked.id = order.owner.id;
    asked.keyId = crypto::sha256(order.request.publicKey().toDer());
    RETURN_IF_ERROR(m_store->read(
        [&](auto& connection) { return checkUnique(connection, asked, order.profile, hosts); }));
    ASSIGN_OR_RETURN(auto certificate,
                     identity::issueCertificate(content, order.request.publicKey(),
                                                m_keys.certificate, *m_keys.key, m_random));
    // Once more what may have changed in between, then all of it at once.
    RETURN_IF_ERROR(record(
        certificate, order.owner.id, order.profile, [&](store::Connection& connection) -> Status {
            ASSIGN_OR_RETURN(const auto owner, findIdentity(connection, order.owner.id));
            if (!owner || owner->revoked)
                return refuseAuthentication(
                    CaError::GettingUser,
                    fmt::format("'{}' was removed or revoked", order.owner.id));
            if (!counts) return absl::OkStatus();
            RETURN_IF_ERROR(checkUses(*owner, order.profile));
            return countUse(connection, owner->id, order.profile == Profile::Tls);
        }));
    log::info(kCaRoom,
              fmt::format("CA '{}' issued {} to '{}'{}{}", name(), certificate.serialHex(),
                          order.owner.id, order.profile == Profile::Identity ? "" : " for ",
                          nameOf(order.profile)));
    return certificate;
}

Result<identity::Certificate> CertificateAuthority::issueForServer(
    const crypto::PublicKey& key, const std::vector<std::string>& hosts) {
    identity::SubjectName subject;
    subject.commonName = hosts.empty() ? name() : hosts.front();
    auto content = identity::fabricCaTls(subject, hosts, m_keys.certificate, m_clock.now());
    content.notAfter =
        std::min(toMinute(m_clock.now()) + m_options.tlsValidity, m_keys.certificate.notAfter());
    ASSIGN_OR_RETURN(auto certificate, identity::issueCertificate(content, key, m_keys.certificate,
                                                                  *m_keys.key, m_random));
    // Nobody can be registered under an empty name.
    RETURN_IF_ERROR(
        record(certificate, {}, Profile::Tls, [](store::Connection&) { return absl::OkStatus(); }));
    return certificate;
}

Result<std::string> CertificateAuthority::hashSecret(const std::string& secret) {
    return crypto::hashPassword(secret, crypto::PasswordCost::Chosen, m_random);
}

Result<std::string> CertificateAuthority::add(NewIdentity identity) {
    const auto bad = [](std::string_view why) {
        return refuse(400, CaError::RegisterIdentity, why);
    };
    if (identity.id.empty() || identity.id.size() > kMostId)
        return bad("The name of an identity must have 1 to 64 bytes");
    if (identity.type.size() > kMostId) return bad("The type of an identity has at most 64 bytes");
    const std::int64_t limit = m_options.maxEnrollments;
    const std::int64_t wanted = identity.maxEnrollments.value_or(0);
    if (wanted < -1 || limit == 0 || (limit > 0 && (wanted == -1 || wanted > limit)))
        return refuse(400, CaError::BadMaxEnrollments,
                      fmt::format("Requested enrollments ({}) exceeds maximum allowable "
                                  "enrollments ({})",
                                  wanted, limit));
    const bool isOwnRandom = identity.secret.empty();
    if (isOwnRandom) makeSecret(m_random, identity.secret);
    ASSIGN_OR_RETURN(
        const std::string hash,
        crypto::hashPassword(identity.secret,
                             isOwnRandom || identity.randomSecret ? crypto::PasswordCost::Random
                                                                  : crypto::PasswordCost::Chosen,
                             m_random));
    IdentityRow row{.id = identity.id,
                    .type = identity.type,
                    .affiliation = identity.affiliation,
                    .attributes = withFixedAttributes(std::move(identity.attributes), identity.id,
                                                      identity.type, identity.affiliation),
                    .secret = hash,
                    .maxEnrollments = wanted == 0 ? 1 : wanted,
                    .perProfile = wanted == 0};
    RETURN_IF_ERROR(m_store->write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const auto present, findIdentity(connection, row.id));
        if (present)
            return refuse(409, CaError::AlreadyRegistered,
                          fmt::format("Identity '{}' is already registered", row.id));
        return insertIdentity(connection, row);
    }));
    return identity.secret;
}

}  // namespace chancery::node
