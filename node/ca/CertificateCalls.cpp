// certificates.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "node/ca/TimeFilter.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMostAnswer = 256U << 20;

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

}  // namespace

CaResult answerCertificates(CaCall& call) {
    const Attributes& rights = call.caller->identity.attributes;
    if (findAttribute(rights, attribute::kRoles) == nullptr &&
        !checkRole(*call.caller, attribute::kRevoker).ok())
        return refuseAuthorization(
            CaError::Authorization,
            "Caller does not posses either hf.Registrar.Roles or hf.Revoker attribute");
    ASSIGN_OR_RETURN(const auto filter, readFilter(call));
    std::string answer = R"({"certs":[)";
    bool isFirst = true;
    RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) {
        return eachPem(connection, filter, [&](std::string_view pem) {
            if (answer.size() > kMostAnswer) return;
            answer += isFirst ? R"({"PEM":")" : R"(,{"PEM":")";
            isFirst = false;
            appendPem(answer, pem);
            answer += R"("})";
        });
    }));
    if (answer.size() > kMostAnswer)
        return refuse(400, CaError::GettingCertificates,
                      "Invalid Request: these are too many certificates for one answer; ask for "
                      "fewer");
    answer += R"(],"caname":)" + textOf(CaJson(call.ca.name())) + "}";
    return answer;
}

}  // namespace chancery::node
