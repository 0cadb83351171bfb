#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "src/policy/Policy.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::policy {

struct RuleTree;

/// Questions "is this identity that principal" that one evaluation may ask. Only a policy with very
/// many principals over very many identities reaches it; it is then not satisfied, and the
/// explanation says so.
inline constexpr std::size_t kMaxPrincipalChecks = 1'000'000;

/// Compiles a signature policy. INVALID_ARGUMENT: BAD_POLICY (version ≠ 0, index outside
/// identities, missing rule, deeper than 64 levels, more than 65,536 rules) with the path of the
/// rule. `msps` is kept.
Result<PolicyPtr> compileSignaturePolicy(const ::common::SignaturePolicyEnvelope& envelope,
                                         std::shared_ptr<const identity::MspSet> msps);
/// The same from rules that were flattened already (flattenRules).
PolicyPtr makeSignaturePolicy(RuleTree rules, std::shared_ptr<const identity::MspSet> msps);

/// Fabric's text language ("OutOf(2,'A.member','B.admin')"), fact sheet A §3.4; principals are
/// numbered in Fabric's order so that equal texts give equal bytes. INVALID_ARGUMENT:
/// BAD_POLICY_TEXT with argument `offset` (bytes).
Result<::common::SignaturePolicyEnvelope> parsePolicyText(std::string_view text);

/// The text of an envelope; parsing it again gives an equivalent policy. INVALID_ARGUMENT
/// (POLICY_HAS_NO_TEXT) when a principal is not a role.
Result<std::string> printPolicyText(const ::common::SignaturePolicyEnvelope& envelope);

}  // namespace chancery::policy
