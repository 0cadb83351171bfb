#include "node/ca/CertificateTable.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::node {
namespace {

using store::Blob;
using store::Connection;
using store::Row;

constexpr std::string_view kColumns =
    "SELECT c.number, c.serial, c.aki, c.id, c.profile, c.key_id, c.not_after, c.revoked_at, "
    "c.reason, c.log_end, c.pem ";
constexpr int kKeyCompromise = 1;

template <class... Values>
Status run(Connection& connection, std::string_view sql, const Values&... values) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare(sql));
    return statement.bind(values...).run();
}

CertificateRow readRow(Row& row) {
    CertificateRow read{.number = row.integer(0),
                        .serial = std::string(row.text(1)),
                        .aki = std::string(row.text(2)),
                        .id = std::string(row.text(3)),
                        .profile = std::string(row.text(4)),
                        .keyId = Bytes(row.blob(5)),
                        .notAfter = absl::FromUnixMillis(row.integer(6)),
                        .revokedAt = std::nullopt,
                        .reason = static_cast<int>(row.integer(8)),
                        .logEnd = static_cast<std::uint64_t>(row.integer(9)),
                        .pem = std::string(row.text(10))};
    if (const std::int64_t at = row.integer(7); at > 0) read.revokedAt = absl::FromUnixMillis(at);
    return read;
}

std::int64_t millis(const std::optional<absl::Time>& time) {
    return time ? absl::ToUnixMillis(*time) : 0;
}

// Only the conditions that are asked for, so that SQLite can choose an index; every parameter is
// named at the end, so that there are always as many.
std::string conditions(const CertificateFilter& filter) {
    // Behind a "+" the order of rows does not lure SQLite away from the index of a time.
    const bool byTime = filter.expiresFrom || filter.expiresUntil || filter.revokedFrom ||
                        filter.revokedUntil || filter.onlyRevoked;
    const std::string number = byTime ? "+c.number" : "c.number";
    std::string sql = fmt::format("FROM certificate c WHERE {} > ?1", number);
    if (filter.id) sql += " AND c.id = ?2";
    if (filter.serial) sql += " AND c.serial = ?3";
    if (filter.aki) sql += " AND c.aki = ?4";
    if (!filter.affiliation.empty())
        sql +=
            " AND c.id IN (SELECT i.id FROM identity i WHERE i.affiliation = ?5 OR "
            "substr(i.affiliation, 1, length(?5) + 1) = ?5 || '.')";
    if (filter.expiresFrom) sql += " AND c.not_after >= ?6";
    if (filter.expiresUntil) sql += " AND c.not_after <= ?7";
    if (filter.revokedFrom) sql += " AND c.revoked_at >= ?8";
    if (filter.revokedUntil) sql += " AND c.revoked_at <= ?9";
    if (filter.onlyRevoked || filter.revokedFrom || filter.revokedUntil)
        sql += " AND c.revoked_at > 0";
    if (filter.notRevoked) sql += " AND c.revoked_at = 0";
    for (int i = 2; i <= 9; ++i) sql += fmt::format(" AND ?{0} IS ?{0}", i);
    return sql + fmt::format(" ORDER BY {} LIMIT ?10", number);
}

template <class Body>
Status each(Connection& connection, std::string_view columns, const CertificateFilter& filter,
            Body&& body) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare(std::string(columns) + conditions(filter)));
    return statement
        .bind(filter.after, filter.id, filter.serial, filter.aki, filter.affiliation,
              millis(filter.expiresFrom), millis(filter.expiresUntil), millis(filter.revokedFrom),
              millis(filter.revokedUntil), filter.most)
        .each(body);
}

}  // namespace

std::string normalHex(std::string_view text) {
    std::string hex;
    for (char c : text) {
        if (c == ':') continue;
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        if (hex.empty() && c == '0') continue;
        hex += c;
    }
    return hex;
}

CertificateRow rowOf(const identity::Certificate& certificate, std::string id,
                     std::string profile) {
    return {.number = 0,
            .serial = normalHex(certificate.serialHex()),
            .aki = normalHex(toHex(certificate.authorityKeyId())),
            .id = std::move(id),
            .profile = std::move(profile),
            .keyId = crypto::sha256(certificate.publicKey().toDer()),
            .notAfter = certificate.notAfter(),
            .revokedAt = std::nullopt,
            .reason = 0,
            .logEnd = 0,
            .pem = certificate.toPem()};
}

Result<std::int64_t> insertCertificate(Connection& connection, const CertificateRow& row) {
    RETURN_IF_ERROR(run(
        connection,
        "INSERT INTO certificate(serial, aki, id, profile, key_id, not_after, revoked_at, "
        "reason, log_end, pem) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.serial, row.aki, row.id, row.profile, Blob(row.keyId), absl::ToUnixMillis(row.notAfter),
        millis(row.revokedAt), row.reason, row.logEnd, row.pem));
    return connection.lastRowId();
}

Status insertHosts(Connection& connection, std::int64_t number,
                   const std::vector<std::string>& hosts) {
    for (const std::string& host : hosts)
        RETURN_IF_ERROR(
            run(connection, "INSERT OR IGNORE INTO host VALUES(lower(?), ?)", host, number));
    return absl::OkStatus();
}

Result<std::optional<CertificateRow>> findCertificate(Connection& connection,
                                                      const std::string& serial) {
    const std::string sql = fmt::format("{}FROM certificate c WHERE c.serial = ?", kColumns);
    ASSIGN_OR_RETURN(auto statement, connection.prepare(sql));
    return statement.bind(serial).first(readRow);
}

Status eachCertificate(Connection& connection, const CertificateFilter& filter,
                       const std::function<void(CertificateRow&&)>& take) {
    return each(connection, kColumns, filter, [&](Row& row) { take(readRow(row)); });
}

Status eachPem(Connection& connection, const CertificateFilter& filter,
               const std::function<void(std::int64_t number, std::string_view pem)>& take) {
    return each(connection, "SELECT c.number, c.pem ", filter,
                [&](Row& row) { take(row.integer(0), row.text(1)); });
}

Status revokeCertificate(Connection& connection, std::int64_t number, int reason, absl::Time at) {
    return run(connection,
               "UPDATE certificate SET revoked_at = ?, reason = ? WHERE number = ? AND "
               "revoked_at = 0",
               absl::ToUnixMillis(at), reason, number);
}

Result<std::vector<CertificateRow>> revokeCertificatesOf(Connection& connection,
                                                         const std::string& id, int reason,
                                                         absl::Time at) {
    std::vector<CertificateRow> revoked;
    RETURN_IF_ERROR(
        eachCertificate(connection, {.id = id, .notRevoked = true},
                        [&](CertificateRow&& row) { revoked.push_back(std::move(row)); }));
    for (CertificateRow& row : revoked) {
        RETURN_IF_ERROR(revokeCertificate(connection, row.number, reason, at));
        row.revokedAt = at;
        row.reason = reason;
    }
    return revoked;
}

Result<std::optional<std::string>> otherOwnerOfKey(Connection& connection, BytesView keyId,
                                                   const std::string& id) {
    ASSIGN_OR_RETURN(
        auto statement,
        connection.prepare("SELECT id FROM certificate WHERE key_id = ?1 AND (id <> ?2 OR "
                           "(revoked_at > 0 AND reason = ?3)) LIMIT 1"));
    return statement.bind(Blob(keyId), id, kKeyCompromise).first([](Row& row) {
        return std::string(row.text(0));
    });
}

Result<std::optional<std::string>> otherOwnerOfHost(Connection& connection, const std::string& host,
                                                    const std::string& id, absl::Time now) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT c.id FROM host h JOIN certificate c ON c.number = "
                                        "h.certificate WHERE h.name = lower(?1) AND c.id <> ?2 "
                                        "AND c.revoked_at = 0 AND c.not_after > ?3 LIMIT 1"));
    return statement.bind(host, id, absl::ToUnixMillis(now)).first([](Row& row) {
        return std::string(row.text(0));
    });
}

Result<std::uint64_t> lastLogEnd(Connection& connection) {
    ASSIGN_OR_RETURN(
        auto statement,
        connection.prepare("SELECT log_end FROM certificate ORDER BY number DESC LIMIT 1"));
    ASSIGN_OR_RETURN(const auto end,
                     statement.first([](Row& row) { return row.unsignedInteger(0); }));
    return end.value_or(0);
}

Status setLogEnd(Connection& connection, std::int64_t number, std::uint64_t logEnd) {
    return run(connection, "UPDATE certificate SET log_end = ? WHERE number = ?", logEnd, number);
}

}  // namespace chancery::node
