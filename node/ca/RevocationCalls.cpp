// revoke, gencrl.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

/// RFC 5280, 5.3.1, in the words of Fabric CA. Its documentation leaves the last letter of one off.
int reasonOfText(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, int>, 11> kReasons = {
        {{"unspecified", 0},
         {"keycompromise", 1},
         {"cacompromise", 2},
         {"affiliationchanged", 3},
         {"affiliationchange", 3},
         {"superseded", 4},
         {"cessationofoperation", 5},
         {"certificatehold", 6},
         {"removefromcrl", 8},
         {"privilegewithdrawn", 9},
         {"aacompromise", 10}}};
    for (const auto& [name, value] : kReasons)
        if (equalsIgnoringCase(name, text)) return value;
    return 0;
}

struct RevocationOrder {
    std::string id;
    std::string serial;
    std::string aki;
    int reason = 0;
    bool wantsCrl = false;
};

Status checkRevoker(const Caller& caller, const std::string& owner) {
    if (caller.identity.id == owner) return absl::OkStatus();
    if (checkRole(caller, attribute::kRevoker).ok()) return absl::OkStatus();
    return refuseAuthorization(CaError::NotRevoker, "Caller does not have authority to revoke");
}

Result<std::vector<CertificateRow>> revokeOne(CaCall& call, const RevocationOrder& order) {
    const Caller& caller = *call.caller;
    std::optional<CertificateRow> row;
    std::optional<IdentityRow> owner;
    RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(row, findCertificate(connection, order.serial));
        if (!row) return absl::OkStatus();
        ASSIGN_OR_RETURN(owner, findIdentity(connection, row->id));
        return absl::OkStatus();
    }));
    const std::string which = fmt::format("Certificate with serial {} and AKI {}",
                                          printable(order.serial, 64), printable(order.aki, 64));
    if (!row || row->aki != order.aki)
        return refuse(404, CaError::CertificateNotFound, which + " was not found");
    RETURN_IF_ERROR(checkRevoker(caller, row->id));
    if (row->revokedAt) return refuse(404, CaError::AlreadyRevoked, which + " was already revoked");
    if (!order.id.empty() && order.id != row->id)
        return refuse(400, CaError::CertificateOfOther,
                      fmt::format("{} is not owned by {}", which, printable(order.id, 64)));
    if (!owner)
        return refuse(404, CaError::RevokedIdentityNotFound,
                      fmt::format("Identity {} was not found", row->id));
    // One's own certificate needs no further right.
    if (row->number != caller.certificate.number) RETURN_IF_ERROR(checkMayManage(caller, *owner));
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) {
        return revokeCertificate(connection, row->number, order.reason, call.ca.now());
    }));
    return std::vector<CertificateRow>{*std::move(row)};
}

Result<std::vector<CertificateRow>> revokeAll(CaCall& call, const RevocationOrder& order) {
    const Caller& caller = *call.caller;
    RETURN_IF_ERROR(checkRevoker(caller, order.id));
    const auto owner = needIdentity(call.ca, order.id);
    if (!owner.ok())
        return refuse(404, CaError::RevokedIdentityNotFound,
                      fmt::format("Identity {} was not found", printable(order.id, 64)));
    if (caller.identity.id != owner->id) RETURN_IF_ERROR(checkMayManage(caller, *owner));
    std::vector<CertificateRow> rows;
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) -> Status {
        RETURN_IF_ERROR(revokeIdentity(connection, owner->id));
        ASSIGN_OR_RETURN(rows,
                         revokeCertificatesOf(connection, owner->id, order.reason, call.ca.now()));
        return absl::OkStatus();
    }));
    return rows;
}

}  // namespace

CaResult answerRevoke(CaCall& call) {
    RequestBody& body = call.body;
    if (body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    RevocationOrder order{.id = body.text("id"),
                          .serial = normalHex(body.text("serial")),
                          .aki = normalHex(body.text("aki")),
                          .reason = reasonOfText(body.text("reason")),
                          .wantsCrl = body.flag("gencrl")};
    RETURN_IF_ERROR(body.finish());
    const bool isOne = !order.serial.empty() && !order.aki.empty();
    if (!isOne && order.id.empty())
        return refuse(400, CaError::MissingRevokeArguments,
                      "Either Name or Serial and AKI are required for a revoke request");
    ASSIGN_OR_RETURN(const auto rows, isOne ? revokeOne(call, order) : revokeAll(call, order));
    CaJson revoked = CaJson::array();
    for (const CertificateRow& row : rows) {
        log::info(kCaRoom, fmt::format("'{}' revoked {} of '{}', reason {}",
                                       call.caller->identity.id, row.serial, row.id, order.reason));
        revoked.push_back({{"Serial", row.serial}, {"AKI", row.aki}});
    }
    if (!rows.empty()) RETURN_IF_ERROR(call.ca.publishCrl());
    std::string crl;
    if (order.wantsCrl && !rows.empty()) {
        ASSIGN_OR_RETURN(const auto list, call.ca.makeCrl({}));
        crl = toBase64(list.toPem());
    }
    return textOf({{"RevokedCerts", std::move(revoked)}, {"CRL", crl}});
}

CaResult answerGenCrl(CaCall& call) {
    RequestBody& body = call.body;
    if (body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    const CrlFilter filter{.revokedAfter = body.time("revokedafter"),
                           .revokedBefore = body.time("revokedbefore"),
                           .expireAfter = body.time("expireafter"),
                           .expireBefore = body.time("expirebefore")};
    RETURN_IF_ERROR(body.finish());
    if (!checkRole(*call.caller, attribute::kGenCrl).ok())
        return refuseAuthorization(
            CaError::MayNotGenerateCrl,
            fmt::format("The identity '{}' does not have authority to generate a CRL",
                        call.caller->identity.id));
    ASSIGN_OR_RETURN(const auto list, call.ca.makeCrl(filter));
    return textOf({{"CRL", toBase64(list.toPem())}});
}

}  // namespace chancery::node
