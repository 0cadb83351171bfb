#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Status.h"
#include "src/wire/Parse.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::policy {

/// Levels of rules, the leaf's included; deeper policies are refused wherever policies are read.
inline constexpr int kMaxPolicyDepth = 64;
/// Rules of one policy, gates and leaves together; also the most principals it may list.
inline constexpr std::size_t kMaxPolicyRules = 65'536;

/// For the bytes of a policy: each level of rules is two messages.
inline constexpr wire::ParseLimits kPolicyLimits{.maxDepth = 2 * kMaxPolicyDepth + 8};

/// One rule of a policy in its flat form: a gate ("needed of those below") or a leaf ("a signature
/// of this principal").
struct Rule {
    static constexpr std::uint32_t kGate = UINT32_MAX;

    std::int32_t needed = 0;  ///< gate: satisfied children it takes; may be negative or too many
    std::uint32_t principal = kGate;  ///< leaf: index into RuleTree::principals
    std::uint32_t end = 0;            ///< index behind the last rule below this one

    bool isGate() const { return principal == kGate; }
};

/// A signature policy as an array in pre-order: the children of gate i begin at i + 1, the next
/// sibling of a rule stands at its `end`. Equal principals are kept once.
struct RuleTree {
    std::vector<Rule> rules;
    std::vector<::common::MSPPrincipal> principals;
    std::vector<std::uint32_t>
        envelopeIndex;  ///< of each principal: where the envelope lists it first

    std::size_t childCount(std::size_t gate) const;
};

/// What is asked of SignaturePolicyEnvelope.version.
enum class VersionRule {
    MustBeZero,  ///< policies of a channel's configuration
    Ignored      ///< endorsement policies of chaincodes, collections and keys, as Fabric reads them
};

/// INVALID_ARGUMENT (BAD_POLICY) with the path of the offending rule; see compileSignaturePolicy.
Result<RuleTree> flattenRules(const ::common::SignaturePolicyEnvelope& envelope,
                              VersionRule versionRule = VersionRule::MustBeZero);

}  // namespace chancery::policy
