// What a caller may do, by Fabric CA's rules.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {

Result<std::string> registrarRoles(const Caller& caller) {
    const Attribute* roles = findAttribute(caller.identity.attributes, attribute::kRoles);
    if (roles == nullptr)
        return refuseAuthorization(CaError::MayNotRegisterAttribute,
                                   fmt::format("'{}' is not a registrar", caller.identity.id));
    return roles->value;
}

Status checkAffiliation(const Caller& caller, const std::string& affiliation) {
    if (isBelow(affiliation, caller.identity.affiliation)) return absl::OkStatus();
    return refuseAuthorization(
        CaError::NotAffiliated,
        fmt::format("Caller does not have authority to act on affiliation '{}'",
                    printable(affiliation, 256)));
}

Status checkType(const Caller& caller, const std::string& type) {
    ASSIGN_OR_RETURN(const std::string roles, registrarRoles(caller));
    if (roles.empty())
        return refuseAuthorization(
            CaError::MayNotRegisterAttribute,
            fmt::format("'{}' is not allowed to manage users", caller.identity.id));
    const std::string_view wanted = type.empty() ? std::string_view("client") : type;
    for (const std::string& role : listItems(roles))
        if (role == "*" || equalsIgnoringCase(role, wanted)) return absl::OkStatus();
    return refuseAuthorization(CaError::NotAffiliated,
                               fmt::format("Registrar does not have authority to act on type '{}'",
                                           printable(wanted, 64)));
}

Status checkMayManage(const Caller& caller, const IdentityRow& other) {
    RETURN_IF_ERROR(checkAffiliation(caller, other.affiliation));
    return checkType(caller, other.type);
}

Status checkRole(const Caller& caller, std::string_view name) {
    const Attribute* right = findAttribute(caller.identity.attributes, name);
    if (right == nullptr)
        return refuseAuthorization(
            CaError::MissingAttribute,
            fmt::format("'{}' does not have the attribute '{}'", caller.identity.id, name));
    const auto value = readBoolean(right->value);
    if (!value)
        return refuse(400, CaError::BadBoolean,
                      fmt::format("Failed to get boolean value of '{}'", name));
    if (!*value)
        return refuseAuthorization(
            CaError::MissingRole,
            fmt::format("Caller has a value of 'false' for attribute/role '{}'", name));
    return absl::OkStatus();
}

}  // namespace chancery::node
