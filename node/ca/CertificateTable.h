#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/identity/Certificate.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// A certificate that this CA has issued.
struct CertificateRow {
    std::int64_t number = 0;  ///< in the order of issuing, from 1
    std::string serial;       ///< lower-case hex without leading zeros, as Fabric CA writes it
    std::string aki;          ///< likewise
    std::string id;           ///< whose it is
    std::string profile;      ///< "", "tls" or "ca"
    Bytes keyId;              ///< SHA-256 of the SubjectPublicKeyInfo
    absl::Time notAfter;
    std::optional<absl::Time> revokedAt;
    int reason = 0;  ///< CRLReason
    std::uint64_t logEnd = 0;
    std::string pem;
};

/// Of a certificate just issued.
CertificateRow rowOf(const identity::Certificate& certificate, std::string id, std::string profile);
/// As serial and aki stand in rows, from what people write: any case, colons, leading zeros.
std::string normalHex(std::string_view text);

struct CertificateFilter {
    std::optional<std::string> id;
    std::optional<std::string> serial;
    std::optional<std::string> aki;
    std::string affiliation;  ///< only of identities at or below it; empty: all
    std::optional<absl::Time> expiresFrom;
    std::optional<absl::Time> expiresUntil;
    std::optional<absl::Time> revokedFrom;
    std::optional<absl::Time> revokedUntil;
    bool notRevoked = false;
    bool onlyRevoked = false;
    std::int64_t after = 0;  ///< only of higher numbers
    std::int64_t most = INT64_MAX;
};

// Errors of the store.
/// ALREADY_EXISTS (DUPLICATE_ROW) when the serial number is taken. Gives the number.
Result<std::int64_t> insertCertificate(store::Connection& connection, const CertificateRow& row);
/// Remembers that a TLS certificate names these hosts.
Status insertHosts(store::Connection& connection, std::int64_t number,
                   const std::vector<std::string>& hosts);
Result<std::optional<CertificateRow>> findCertificate(store::Connection& connection,
                                                      const std::string& serial);
/// Rows in the order of issuing.
Status eachCertificate(store::Connection& connection, const CertificateFilter& filter,
                       const std::function<void(CertificateRow&&)>& take);
/// Only their PEM texts, as views that last until `take` returns.
Status eachPem(store::Connection& connection, const CertificateFilter& filter,
               const std::function<void(std::int64_t number, std::string_view pem)>& take);

Status revokeCertificate(store::Connection& connection, std::int64_t number, int reason,
                         absl::Time at);
/// All of one identity that are not revoked yet; gives them.
Result<std::vector<CertificateRow>> revokeCertificatesOf(store::Connection& connection,
                                                         const std::string& id, int reason,
                                                         absl::Time at);

/// Somebody else who has had a certificate for this key; or `id` itself when it was revoked because
/// the key became known.
Result<std::optional<std::string>> otherOwnerOfKey(store::Connection& connection, BytesView keyId,
                                                   const std::string& id);
/// Somebody else who has a living TLS certificate for this host.
Result<std::optional<std::string>> otherOwnerOfHost(store::Connection& connection,
                                                    const std::string& host, const std::string& id,
                                                    absl::Time now);

/// Where the log ends by the table; 0 when the table is empty.
Result<std::uint64_t> lastLogEnd(store::Connection& connection);
Status setLogEnd(store::Connection& connection, std::int64_t number, std::uint64_t logEnd);

}  // namespace chancery::node
