// certificates.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "node/ca/TimeFilter.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::int64_t kPage = 2000;  // rows on one view of the database
// Sent at once: with what HTTP puts around it, two records of TLS, and small enough to stay in the
// nearest cache.
constexpr std::size_t kPieceBytes = 2 * 16'384 - 16;
constexpr std::chrono::minutes kLongest{5};  // for a client that reads slowly

Result<CertificateFilter> readFilter(const CaCall& call) {
    const absl::Time now = call.ca.now();
    const auto time = [&](const char* name) { return readFilterTime(name, call.query(name), now); };
    CertificateFilter filter;
    filter.affiliation = call.caller->identity.affiliation;
    if (std::string id = call.query("id"); !id.empty()) filter.id = std::move(id);
    if (const std::string serial = call.query("serial"); !serial.empty())
        filter.serial = normalHex(serial);
    if (const std::string aki = call.query("aki"); !aki.empty()) filter.aki = normalHex(aki);
    ASSIGN_OR_RETURN(filter.revokedFrom, time("revoked_start"));
    ASSIGN_OR_RETURN(filter.revokedUntil, time("revoked_end"));
    ASSIGN_OR_RETURN(filter.expiresFrom, time("expired_start"));
    ASSIGN_OR_RETURN(filter.expiresUntil, time("expired_end"));
    ASSIGN_OR_RETURN(filter.notRevoked, call.flag("notrevoked"));
    ASSIGN_OR_RETURN(const bool notExpired, call.flag("notexpired"));
    const auto bad = [](std::string_view what) {
        return refuse(400, CaError::GettingCertificates,
                      fmt::format("Invalid Request: Can't specify {0} time filter and the "
                                  "'not{1}' filter",
                                  what, what == "expiration" ? "expired" : "revoked"));
    };
    if (notExpired && (filter.expiresFrom || filter.expiresUntil)) return bad("expiration");
    if (filter.notRevoked && (filter.revokedFrom || filter.revokedUntil)) return bad("revocation");
    if (notExpired) filter.expiresFrom = now;
    return filter;
}

/// A PEM text as it stands in JSON: only its line ends need a mark.
void appendPem(std::string& to, std::string_view pem) {
    while (!pem.empty()) {
        const std::size_t end = std::min(pem.find('\n'), pem.size());
        to += pem.substr(0, end);
        if (end == pem.size()) return;
        to += "\\n";
        pem.remove_prefix(end + 1);
    }
}

/// All that the filter lets through, as the elements of a JSON list. Between pages the database is
/// free, however slowly the client reads.
bool writeCertificates(CertificateAuthority& ca, CertificateFilter filter, const http::Sink& sink) {
    const auto until = std::chrono::steady_clock::now() + kLongest;
    // A search by time sorts what it has found: once only.
    const bool isPaged =
        !filter.expiresFrom && !filter.expiresUntil && !filter.revokedFrom && !filter.revokedUntil;
    if (isPaged) filter.most = kPage;
    std::string piece;
    bool isReceived = true;
    bool isFirst = true;
    std::int64_t count = 0;
    do {
        count = 0;
        const Status read = ca.store().read([&](auto& connection) {
            return eachPem(connection, filter, [&](std::int64_t number, std::string_view pem) {
                ++count;
                filter.after = number;
                if (!isReceived) return;
                piece += isFirst ? R"({"PEM":")" : R"(,{"PEM":")";
                isFirst = false;
                appendPem(piece, pem);
                piece += R"("})";
                if (piece.size() < kPieceBytes) return;
                isReceived = sink(std::string_view(piece).substr(0, kPieceBytes)) &&
                             std::chrono::steady_clock::now() < until;
                piece.erase(0, kPieceBytes);
            });
        });
        if (!read.ok()) {
            log::error(kCaRoom, fmt::format("CA '{}' cannot list certificates: {}", ca.name(),
                                            messageOf(read)));
            return false;
        }
    } while (isPaged && isReceived && count == kPage);
    return isReceived && sink(piece);
}

}  // namespace

CaResult answerCertificates(CaCall& call) {
    const Attributes& rights = call.caller->identity.attributes;
    if (findAttribute(rights, attribute::kRoles) == nullptr &&
        !checkRole(*call.caller, attribute::kRevoker).ok())
        return refuseAuthorization(
            CaError::Authorization,
            "Caller does not posses either hf.Registrar.Roles or hf.Revoker attribute");
    ASSIGN_OR_RETURN(const auto filter, readFilter(call));
    std::string end = R"(],"caname":)" + textOf(CaJson(call.ca.name())) + "}";
    return CaAnswer(R"({"certs":[)",
                    [&ca = call.ca, filter, end = std::move(end)](const http::Sink& sink) {
                        return writeCertificates(ca, filter, sink) && sink(end);
                    });
}

}  // namespace chancery::node
