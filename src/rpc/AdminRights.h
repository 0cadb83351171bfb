#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::rpc {

/// What a caller of our own APIs may do; an auditor only reads.
enum class Role { Administrator, Operator, Auditor };

/// "administrator", "operator", "auditor".
std::string_view nameOf(Role role);
std::optional<Role> roleNamed(std::string_view name);

/// A row of proto/chancery/rights.tsv.
struct AdminCall {
    std::string_view name;  ///< "chancery.agent.v1.HostNodes/Start"
    bool administrator = false;
    bool operates = false;
    bool auditor = false;
    bool stranger = false;  ///< somebody whom the host does not know
    bool audited = false;   ///< stands in the audit log before it is done
};

/// Every call of our APIs, by name. The build fails when one has no row.
std::span<const AdminCall> adminCalls();

/// The row of a call, with or without a '/' before its name; null when there is no such call.
const AdminCall* findAdminCall(std::string_view call);

/// The one place that decides who may do what. Nothing is allowed that no row allows. A caller
/// without a role is a stranger: UNAUTHENTICATED (NOT_PAIRED). Otherwise PERMISSION_DENIED
/// (ROLE_DENIED) with `call` and `role`.
Status authorise(std::string_view call, std::optional<Role> role);

}  // namespace chancery::rpc
