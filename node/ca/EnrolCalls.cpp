// cainfo, enroll, reenroll.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

CaJson describeCa(const CertificateAuthority& ca, const std::string& version) {
    return {{"CAName", ca.name()},
            {"CAChain", toBase64(ca.keys().chainPem)},
            // Idemix is not offered; clients decode these without looking.
            {"IssuerPublicKey", ""},
            {"IssuerRevocationPublicKey", ""},
            {"Version", version},
            {"Suite", std::string(ca.options().suite->name)}};
}

/// What both kinds of enrolment send.
Result<EnrolmentOrder> readOrder(CaCall& call, IdentityRow owner) {
    RequestBody& body = call.body;
    if (body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    const std::string pem = body.pem("certificate_request");
    const std::string profileName = body.text("profile");
    auto hosts = body.texts("hosts");
    const auto notBefore = body.time("NotBefore");
    auto attributes = body.attributeRequests("attr_reqs");
    RETURN_IF_ERROR(body.finish());
    // Fabric CA hands these on to its signer; here only the CA says them.
    for (const char* name : {"subject", "serial", "extensions"})
        if (body.has(name))
            return refuse(
                400, CaError::BadBody,
                fmt::format("Invalid request body: \"{}\" is not for clients to say", name));
    const auto profile = profileNamed(profileName);
    if (!profile)
        return refuse(400, CaError::Unknown,
                      fmt::format("Invalid profile: '{}'", printable(profileName, 64)));
    auto request = identity::CertificateRequest::fromPem(pem);
    if (!request.ok())
        return refuse(400, CaError::BadCsr,
                      fmt::format("CSR Decode failed: {}", messageOf(request.status())));
    return EnrolmentOrder{.owner = std::move(owner),
                          .request = *std::move(request),
                          .profile = *profile,
                          .hosts = std::move(hosts),
                          .notBefore = notBefore,
                          .attributes = std::move(attributes)};
}

CaResult enrol(CaCall& call, const EnrolmentOrder& order) {
    ASSIGN_OR_RETURN(const auto certificate, call.ca.enrol(order));
    return textOf({{"Cert", toBase64(certificate.toPem())},
                   {"ServerInfo", describeCa(call.ca, call.version)}});
}

}  // namespace

CaResult answerCaInfo(CaCall& call) {
    return textOf(describeCa(call.ca, call.version));
}

CaResult answerEnroll(CaCall& call) {
    ASSIGN_OR_RETURN(auto owner, call.ca.login(*call.credentials));
    ASSIGN_OR_RETURN(const auto order, readOrder(call, std::move(owner)));
    return enrol(call, order);
}

CaResult answerReenroll(CaCall& call) {
    ASSIGN_OR_RETURN(auto order, readOrder(call, call.caller->identity));
    order.formerUnits = call.caller->units;
    order.usesSecret = false;
    return enrol(call, order);
}

}  // namespace chancery::node
