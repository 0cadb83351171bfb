#include "src/rpc/AdminRights.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string>

#include "src/base/Encoding.h"

namespace chancery::rpc {
namespace {

struct NamedRole {
    Role role;
    std::string_view name;
    bool AdminCall::*right;
};
constexpr std::array<NamedRole, 3> kRoles{{
    {Role::Administrator, "administrator", &AdminCall::administrator},
    {Role::Operator, "operator", &AdminCall::operates},
    {Role::Auditor, "auditor", &AdminCall::auditor},
}};

/// Null for a value that is no role.
const NamedRole* find(Role role) {
    const auto* found = std::ranges::find(kRoles, role, &NamedRole::role);
    return found == kRoles.end() ? nullptr : found;
}

}  // namespace

std::string_view nameOf(Role role) {
    const NamedRole* found = find(role);
    return found == nullptr ? "nobody" : found->name;
}

std::optional<Role> roleNamed(std::string_view name) {
    const auto* found = std::ranges::find(kRoles, name, &NamedRole::name);
    if (found == kRoles.end()) return std::nullopt;
    return found->role;
}

const AdminCall* findAdminCall(std::string_view call) {
    if (call.starts_with('/')) call.remove_prefix(1);
    const auto calls = adminCalls();
    const auto found = std::ranges::lower_bound(calls, call, {}, &AdminCall::name);
    return found == calls.end() || found->name != call ? nullptr : &*found;
}

Status authorise(std::string_view call, std::optional<Role> role) {
    const AdminCall* row = findAdminCall(call);
    const NamedRole* known = role ? find(*role) : nullptr;
    if (row != nullptr && (role ? known != nullptr && row->*known->right : row->stranger))
        return absl::OkStatus();
    if (!role)
        return makeError(StatusCode::kUnauthenticated, "NOT_PAIRED",
                         "this host does not know the caller's certificate");
    if (call.starts_with('/')) call.remove_prefix(1);
    const std::string shown = printable(call, 200);
    return makeError(StatusCode::kPermissionDenied, "ROLE_DENIED",
                     fmt::format("the role {} may not call {}", nameOf(*role), shown),
                     {{"call", shown}, {"role", std::string(nameOf(*role))}});
}

}  // namespace chancery::rpc
