// How a CA comes up: log, table and revocation list are brought into agreement.
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "node/ca/CertificateAuthority.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMostCrl = 64U << 20;

Bytes serialBytes(const std::string& hex) {
    return fromHex(hex.size() % 2 == 0 ? hex : "0" + hex).value_or(Bytes());
}

identity::RevocationList::Entry entryOf(const CertificateRow& row) {
    return {.serial = serialBytes(row.serial),
            .revokedAt = row.revokedAt.value_or(absl::UnixEpoch()),
            .reason = row.reason};
}

}  // namespace

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::open(CaOptions options,
                                                                         const Clock& clock,
                                                                         Random& random) {
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error || ::chmod(options.folder.c_str(), 0700) != 0)
        return makeError(StatusCode::kPermissionDenied, "FILE_ERROR",
                         fmt::format("cannot make the folder {}", options.folder.string()),
                         {{"path", options.folder.string()}});
    std::unique_ptr<DirectoryUsers> directory;
    if (options.directory) {
        ASSIGN_OR_RETURN(directory, DirectoryUsers::open(*options.directory));
    }
    // Its lock keeps a second process out before anything is made.
    ASSIGN_OR_RETURN(auto log, IssueLog::open(options.folder / "issued.log"));
    ASSIGN_OR_RETURN(auto keys, loadCaKeys(options, clock));
    std::unique_ptr<CertificateAuthority> ca(
        new CertificateAuthority(std::move(options), std::move(keys), clock, random));
    ca->m_log = std::move(log);
    ca->m_directory = std::move(directory);
    ASSIGN_OR_RETURN(ca->m_store, CaStore::open(ca->m_options.folder / "ca.db"));
    ca->m_memoryKey = random.bytes(32);
    RETURN_IF_ERROR(withContext(ca->prepare(), "CA '" + ca->name() + "'"));
    return ca;
}

Status CertificateAuthority::prepare() {
    RETURN_IF_ERROR(reconcile());
    RETURN_IF_ERROR(m_store->write([&](auto& connection) -> Status {
        for (const std::string& affiliation : m_options.affiliations)
            RETURN_IF_ERROR(insertAffiliation(connection, affiliation));
        return absl::OkStatus();
    }));
    for (const InitialIdentity& initial : m_options.identities) {
        bool present = false;
        RETURN_IF_ERROR(m_store->read([&](auto& connection) -> Status {
            ASSIGN_OR_RETURN(const auto row, findIdentity(connection, initial.id));
            present = row.has_value();
            return absl::OkStatus();
        }));
        if (present) continue;
        ASSIGN_OR_RETURN(const auto secret, add({.id = initial.id,
                                                 .type = initial.type,
                                                 .affiliation = initial.affiliation,
                                                 .attributes = initial.attributes,
                                                 .secret = initial.secret,
                                                 .randomSecret = initial.randomSecret,
                                                 .maxEnrollments = initial.maxEnrollments}));
    }
    return checkPublishedCrl();
}

Status CertificateAuthority::reconcile() {
    std::uint64_t known = 0;
    RETURN_IF_ERROR(m_store->read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(known, lastLogEnd(connection));
        return absl::OkStatus();
    }));
    if (m_log->size() < known) return appendMissingEntries();
    return m_log->size() > known ? insertMissingRows() : absl::OkStatus();
}

// The log has lost its end: a power failure takes what was not synced.
Status CertificateAuthority::appendMissingEntries() {
    const std::uint64_t present = m_log->size();
    std::size_t count = 0;
    RETURN_IF_ERROR(m_store->write([&](auto& connection) -> Status {
        std::vector<CertificateRow> missing;
        RETURN_IF_ERROR(eachCertificate(connection, {}, [&](CertificateRow&& row) {
            if (row.logEnd > present) missing.push_back(std::move(row));
        }));
        count = missing.size();
        for (const CertificateRow& row : missing) {
            ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(row.pem));
            ASSIGN_OR_RETURN(
                const auto end,
                m_log->append({.id = row.id, .profile = row.profile, .der = certificate.der()}));
            RETURN_IF_ERROR(setLogEnd(connection, row.number, end));
        }
        return absl::OkStatus();
    }));
    log::warning(kCaRoom, fmt::format("CA '{}': {} certificates were missing in the issue log and "
                                      "were added from the table",
                                      name(), count));
    return absl::OkStatus();
}

// The process ended between log and table, or an older database was put in place.
Status CertificateAuthority::insertMissingRows() {
    std::size_t count = 0;
    RETURN_IF_ERROR(m_store->write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(const std::uint64_t known, lastLogEnd(connection));
        return m_log->readFrom(known, [&](IssueLog::Entry&& entry, std::uint64_t end) -> Status {
            ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromDer(entry.der));
            CertificateRow row = rowOf(certificate, entry.id, entry.profile);
            row.logEnd = end;
            ASSIGN_OR_RETURN(const auto present, findCertificate(connection, row.serial));
            if (present && present->pem != row.pem)
                return makeError(StatusCode::kDataLoss, "SERIAL_TWICE",
                                 fmt::format("log and table have different certificates with the "
                                             "serial number {}",
                                             row.serial),
                                 {{"serial", row.serial}});
            if (present) return setLogEnd(connection, present->number, end);
            ++count;
            ASSIGN_OR_RETURN(const auto number, insertCertificate(connection, row));
            if (entry.profile != nameOf(Profile::Tls)) return absl::OkStatus();
            return insertHosts(connection, number, certificate.hosts());
        });
    }));
    log::warning(kCaRoom,
                 fmt::format("CA '{}': {} certificates stood in the issue log only and were "
                             "added to the table",
                             name(), count));
    return absl::OkStatus();
}

Result<identity::RevocationList> CertificateAuthority::makeCrl(const CrlFilter& filter) {
    if (filter.revokedBefore && filter.revokedAfter && *filter.revokedAfter > *filter.revokedBefore)
        return refuse(400, CaError::BadRevokedAfter,
                      "Invalid 'revokedafter' value. It must not be a timestamp greater than "
                      "'revokedbefore'");
    if (filter.expireBefore && filter.expireAfter && *filter.expireAfter > *filter.expireBefore)
        return refuse(400, CaError::BadExpireAfter,
                      "Invalid 'expireafter' value. It must not be a timestamp greater than "
                      "'expirebefore'");
    // Fabric CA's bounds are exclusive, those of the table are not; both count milliseconds.
    const auto after = [](const auto& time) {
        return time ? std::optional(*time + absl::Milliseconds(1)) : std::nullopt;
    };
    const auto before = [](const auto& time) {
        return time ? std::optional(*time - absl::Milliseconds(1)) : std::nullopt;
    };
    std::vector<identity::RevocationList::Entry> entries;
    RETURN_IF_ERROR(m_store->read([&](auto& connection) {
        return eachCertificate(connection,
                               {.expiresFrom = after(filter.expireAfter),
                                .expiresUntil = before(filter.expireBefore),
                                .revokedFrom = after(filter.revokedAfter),
                                .revokedUntil = before(filter.revokedBefore),
                                .onlyRevoked = true},
                               [&](CertificateRow&& row) { entries.push_back(entryOf(row)); });
    }));
    const absl::Time now = m_clock.now();
    return identity::makeRevocationList(m_keys.certificate, *m_keys.key, entries, now,
                                        now + m_options.crlValidity);
}

Status CertificateAuthority::publishCrl() {
    // One after the other, so that an older list never replaces a newer one.
    const std::lock_guard lock(m_crlMutex);
    ASSIGN_OR_RETURN(const auto list, makeCrl({}));
    RETURN_IF_ERROR(writeFileAtomically(m_options.folder / "crl.pem", list.toPem()));
    m_crlDue = m_clock.now() + m_options.crlValidity / 2;
    return absl::OkStatus();
}

Status CertificateAuthority::refreshCrl() {
    {
        const std::lock_guard lock(m_crlMutex);
        if (m_clock.now() < m_crlDue) return absl::OkStatus();
    }
    return publishCrl();
}

Status CertificateAuthority::checkPublishedCrl() {
    const auto pem = readFile(m_options.folder / "crl.pem", kMostCrl);
    if (!pem.ok()) return publishCrl();
    const auto list = identity::RevocationList::fromBytes(*pem);
    if (!list.ok() || !list->checkSignedBy(m_keys.certificate).ok()) return publishCrl();
    std::size_t revoked = 0;
    bool complete = true;
    RETURN_IF_ERROR(m_store->read([&](auto& connection) {
        return eachCertificate(connection, {.onlyRevoked = true}, [&](CertificateRow&& row) {
            ++revoked;
            complete = complete && list->lists(serialBytes(row.serial));
        });
    }));
    const absl::Time due = list->thisUpdate() + m_options.crlValidity / 2;
    if (!complete || revoked != list->entries().size() || m_clock.now() >= due) return publishCrl();
    const std::lock_guard lock(m_crlMutex);
    m_crlDue = due;
    return absl::OkStatus();
}

Status CertificateAuthority::checkHealth() {
    return m_store->read([](auto& connection) -> Status {
        ASSIGN_OR_RETURN([[maybe_unused]] const auto end, lastLogEnd(connection));
        return absl::OkStatus();
    });
}

}  // namespace chancery::node
