// certificates.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/CertificateList.h"
#include "node/ca/Refusal.h"
#include "node/ca/TimeFilter.h"

namespace chancery::node {
namespace {

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
