#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"

namespace chancery::node {

/// What an identity is known to have or to be allowed.
struct Attribute {
    std::string name;
    std::string value;
    bool inCertificate = false;  ///< "ecert": unless asked otherwise, certificates show it
    bool operator==(const Attribute&) const = default;
};
using Attributes = std::vector<Attribute>;

namespace attribute {
inline constexpr std::string_view kRoles = "hf.Registrar.Roles";
inline constexpr std::string_view kDelegateRoles = "hf.Registrar.DelegateRoles";
inline constexpr std::string_view kRegistrarAttributes = "hf.Registrar.Attributes";
inline constexpr std::string_view kRevoker = "hf.Revoker";
inline constexpr std::string_view kIntermediateCa = "hf.IntermediateCA";
inline constexpr std::string_view kGenCrl = "hf.GenCRL";
inline constexpr std::string_view kAffiliationMgr = "hf.AffiliationMgr";
inline constexpr std::string_view kEnrollmentId = "hf.EnrollmentID";
inline constexpr std::string_view kType = "hf.Type";
inline constexpr std::string_view kAffiliation = "hf.Affiliation";
}  // namespace attribute

/// Null when there is none.
const Attribute* findAttribute(const Attributes& attributes, std::string_view name);

/// All rights that there are, as the first administrator of a CA has them.
Attributes administratorAttributes();

/// Changes what has the same name, appends what is new, removes what gets an empty value.
void mergeAttributes(Attributes& into, const Attributes& changes);

/// Go's reading of a boolean: 1, t, T, TRUE, true, True and their opposites.
std::optional<bool> readBoolean(std::string_view text);
/// "peer, client" has "client"; case counts.
bool listContains(std::string_view list, std::string_view item);
/// The parts between commas, without blanks.
std::vector<std::string> listItems(std::string_view list);
bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// Whether somebody with the attributes `registrar` may give `requested` to an identity that has
/// `present` already (null: a new one). PERMISSION_DENIED (MAY_NOT_REGISTER_ATTRIBUTE) names the
/// attribute. These are Fabric CA's rules.
Status mayRegister(const Attributes& requested, const Attributes* present,
                   const Attributes& registrar);

}  // namespace chancery::node
