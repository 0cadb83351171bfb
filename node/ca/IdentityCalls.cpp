// register, identities.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::string_view kRootAffiliation = ".";
constexpr int kCessationOfOperation = 5;
constexpr std::size_t kMostSecret = 1024;

/// What registration says, in either form of it.
Result<NewIdentity> readNewIdentity(RequestBody& body) {
    if (body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    NewIdentity read{.id = body.text("id"),
                     .type = body.text("type"),
                     .affiliation = body.text("affiliation", 1024),
                     .attributes = body.attributes("attrs").value_or(Attributes()),
                     .secret = body.text("secret", kMostSecret),
                     .maxEnrollments = body.integer("max_enrollments")};
    RETURN_IF_ERROR(body.finish());
    return read;
}

CaJson withCaller(const IdentityRow& row, const std::string& secret,
                  const CertificateAuthority& ca) {
    CaJson json = describe(row);
    if (!secret.empty()) json["secret"] = secret;
    json["caname"] = ca.name();
    return json;
}

/// Everything that a registrar must be allowed; its refusals are only for the log.
Status checkMayRegister(CaCall& call, const NewIdentity& identity) {
    RETURN_IF_ERROR(checkType(*call.caller, identity.type));
    RETURN_IF_ERROR(checkAffiliation(*call.caller, identity.affiliation));
    if (!identity.affiliation.empty()) {
        bool known = false;
        RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
            ASSIGN_OR_RETURN(known, hasAffiliation(connection, identity.affiliation));
            return absl::OkStatus();
        }));
        if (!known)
            return refuse(404, CaError::GettingAffiliation,
                          fmt::format("Failed getting affiliation '{}'",
                                      printable(identity.affiliation, 256)));
    }
    return mayRegister(identity.attributes, nullptr, call.caller->identity.attributes);
}

CaResult listIdentities(CaCall& call) {
    ASSIGN_OR_RETURN(const std::string roles, registrarRoles(*call.caller));
    if (roles.empty())
        return refuseAuthorization(CaError::GettingUser, "Caller is not a registrar");
    std::vector<IdentityRow> rows;
    RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(rows, identitiesBelow(connection, call.caller->identity.affiliation));
        return absl::OkStatus();
    }));
    CaJson all = CaJson::array();
    for (const IdentityRow& row : rows)
        if (listContains(roles, "*") || listContains(roles, row.type)) all.push_back(describe(row));
    return textOf({{"identities", std::move(all)}, {"caname", call.ca.name()}});
}

CaResult addIdentity(CaCall& call) {
    ASSIGN_OR_RETURN(auto wanted, readNewIdentity(call.body));
    if (wanted.id.empty())
        return refuse(400, CaError::AddIdentity, "Missing 'ID' in request to add a new identity");
    const std::string id = wanted.id;
    ASSIGN_OR_RETURN(const std::string secret, registerFor(call, std::move(wanted)));
    ASSIGN_OR_RETURN(const auto row, needIdentity(call.ca, id));
    return textOf(withCaller(row, secret, call.ca));
}

/// Who sets somebody's secret can act as that identity. So nobody does whose own rights would not
/// suffice to give it its rights; Fabric CA does not ask for this.
Status checkMayTakeOver(const Caller& caller, const IdentityRow& other) {
    Attributes rights;
    for (const Attribute& one : other.attributes)
        if (findAttribute(administratorAttributes(), one.name) != nullptr) rights.push_back(one);
    const Status may = mayRegister(rights, &other.attributes, caller.identity.attributes);
    if (may.ok()) return may;
    return refuseAuthorization(
        CaError::MayNotRegisterAttribute,
        fmt::format("'{}' has more rights than the registrar: {}", other.id, messageOf(may)));
}

Status readChanges(CaCall& call, IdentityRow& row, std::string& secret) {
    RequestBody& body = call.body;
    if (body.missing()) return refuse(400, CaError::EmptyBody, "Empty request body");
    const std::string type = body.text("type", 64);
    const std::string affiliation = body.text("affiliation", 1024);
    Attributes attributes = body.attributes("attrs").value_or(Attributes());
    const std::int64_t maxEnrollments = body.integer("max_enrollments").value_or(0);
    secret = body.text("secret", kMostSecret);
    RETURN_IF_ERROR(body.finish());
    if (maxEnrollments < -2)
        return refuse(400, CaError::BadMaxEnrollments, "max_enrollments must be -2 or more");
    const std::string newAffiliation = affiliation == kRootAffiliation ? "" : affiliation;
    if (!affiliation.empty()) {
        bool known = newAffiliation.empty();
        if (!known)
            RETURN_IF_ERROR(call.ca.store().read([&](auto& connection) -> Status {
                ASSIGN_OR_RETURN(known, hasAffiliation(connection, newAffiliation));
                return absl::OkStatus();
            }));
        if (!known)
            return refuse(
                400, CaError::ModifyIdentity,
                fmt::format("Affiliation '{}' is not supported", printable(affiliation, 256)));
        RETURN_IF_ERROR(checkAffiliation(*call.caller, newAffiliation));
    }
    if (!type.empty()) RETURN_IF_ERROR(checkType(*call.caller, type));
    if (const Status may =
            mayRegister(attributes, &row.attributes, call.caller->identity.attributes);
        !may.ok())
        return refuseAuthorization(CaError::MayNotRegisterAttribute, messageOf(may));
    if (!secret.empty() && row.id != call.caller->identity.id)
        RETURN_IF_ERROR(checkMayTakeOver(*call.caller, row));
    if (!type.empty()) row.type = type;
    if (!affiliation.empty()) row.affiliation = newAffiliation;
    mergeAttributes(row.attributes, attributes);
    row.attributes =
        withFixedAttributes(std::move(row.attributes), row.id, row.type, row.affiliation);
    if (maxEnrollments != 0) {
        row.maxEnrollments = maxEnrollments == -2 ? 0 : maxEnrollments;
        row.perProfile = false;
    }
    return absl::OkStatus();
}

CaResult modifyIdentity(CaCall& call, IdentityRow row) {
    std::string secret;
    RETURN_IF_ERROR(readChanges(call, row, secret));
    if (!secret.empty()) {
        ASSIGN_OR_RETURN(row.secret, call.ca.hashSecret(secret));
        row.failures = 0;
    }
    RETURN_IF_ERROR(
        call.ca.store().write([&](auto& connection) { return updateIdentity(connection, row); }));
    ASSIGN_OR_RETURN(const auto now, needIdentity(call.ca, row.id));
    return textOf(withCaller(now, secret, call.ca));
}

CaResult deleteIdentity(CaCall& call, const IdentityRow& row) {
    std::size_t revoked = 0;
    RETURN_IF_ERROR(call.ca.store().write([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(
            const auto rows,
            revokeCertificatesOf(connection, row.id, kCessationOfOperation, call.ca.now()));
        revoked = rows.size();
        return removeIdentity(connection, row.id);
    }));
    if (revoked > 0) RETURN_IF_ERROR(call.ca.publishCrl());
    log::info(kCaRoom, fmt::format("'{}' removed '{}' and revoked {} certificates",
                                   call.caller->identity.id, row.id, revoked));
    return textOf(withCaller(row, {}, call.ca));
}

}  // namespace

CaJson describe(const IdentityRow& row) {
    CaJson attributes = CaJson::array();
    for (const Attribute& one : row.attributes) {
        CaJson json{{"name", one.name}, {"value", one.value}};
        if (one.inCertificate) json["ecert"] = true;
        attributes.push_back(std::move(json));
    }
    return {{"id", row.id},
            {"type", row.type},
            {"affiliation", row.affiliation},
            {"attrs", std::move(attributes)},
            {"max_enrollments", row.maxEnrollments}};
}

Status refuseWithDirectory(const CertificateAuthority& ca, std::string_view what) {
    if (!ca.usesDirectory()) return absl::OkStatus();
    return refuse(403, CaError::InvalidLdapAction,
                  fmt::format("{} is not supported when using LDAP", what));
}

Result<IdentityRow> needIdentity(CertificateAuthority& ca, const std::string& id) {
    std::optional<IdentityRow> row;
    RETURN_IF_ERROR(ca.store().read([&](auto& connection) -> Status {
        ASSIGN_OR_RETURN(row, findIdentity(connection, id));
        return absl::OkStatus();
    }));
    if (!row)
        return refuse(404, CaError::NotInDatabase,
                      fmt::format("Failed to get User: there is no '{}'", printable(id, 64)));
    return *std::move(row);
}

Result<std::string> registerFor(CaCall& call, NewIdentity identity) {
    const IdentityRow& registrar = call.caller->identity;
    if (identity.affiliation.empty())
        identity.affiliation = registrar.affiliation;
    else if (identity.affiliation == kRootAffiliation)
        identity.affiliation.clear();
    if (identity.type.empty()) identity.type = registrar.type;
    if (const Status may = checkMayRegister(call, identity); !may.ok())
        return refuseAuthorization(CaError::MayNotRegister,
                                   fmt::format("Registration of '{}' failed: {}",
                                               printable(identity.id, 64), messageOf(may)));
    const std::string id = identity.id;
    ASSIGN_OR_RETURN(auto secret, call.ca.add(std::move(identity)));
    log::info(kCaRoom, fmt::format("'{}' registered '{}'", registrar.id, id));
    return secret;
}

CaResult answerRegister(CaCall& call) {
    ASSIGN_OR_RETURN(auto wanted, readNewIdentity(call.body));
    RETURN_IF_ERROR(refuseWithDirectory(call.ca, "Registration"));
    ASSIGN_OR_RETURN(const std::string secret, registerFor(call, std::move(wanted)));
    return textOf({{"secret", secret}});
}

CaResult answerIdentities(CaCall& call) {
    if (call.request.method == "GET") return listIdentities(call);
    RETURN_IF_ERROR(refuseWithDirectory(call.ca, "Adding an identity"));
    return addIdentity(call);
}

CaResult answerIdentity(CaCall& call) {
    const std::string& method = call.request.method;
    if (method != "GET") RETURN_IF_ERROR(refuseWithDirectory(call.ca, "Changing an identity"));
    if (method == "DELETE") {
        if (!call.ca.options().allowIdentityRemoval)
            return refuse(403, CaError::RemoveIdentity, "Identity removal is disabled");
        ASSIGN_OR_RETURN(const bool force, call.flag("force"));
        if (call.item == call.caller->identity.id && !force)
            return refuse(403, CaError::RemoveIdentity,
                          "Need to use 'force' option to delete your own identity");
    }
    ASSIGN_OR_RETURN(auto row, needIdentity(call.ca, call.item));
    RETURN_IF_ERROR(checkMayManage(*call.caller, row));
    if (method == "DELETE") return deleteIdentity(call, row);
    if (method == "PUT") return modifyIdentity(call, std::move(row));
    return textOf(withCaller(row, {}, call.ca));
}

}  // namespace chancery::node
