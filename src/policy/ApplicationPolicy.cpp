#include "src/policy/ApplicationPolicy.h"

#include "fabric/common/policies.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxReferenceBytes = 1024;

Result<PolicyPtr> compile(const common::SignaturePolicyEnvelope& envelope,
                          std::shared_ptr<const identity::MspSet> msps) {
    ASSIGN_OR_RETURN(RuleTree rules, flattenRules(envelope, VersionRule::Ignored));
    return makeSignaturePolicy(std::move(rules), std::move(msps));
}

}  // namespace

Result<PolicyPtr> compileApplicationPolicy(BytesView bytes, const PolicyTree& tree,
                                           std::shared_ptr<const identity::MspSet> msps) {
    ASSIGN_OR_RETURN(const auto policy, wire::parse<protos::ApplicationPolicy>(
                                            bytes, "application_policy", kPolicyLimits));
    if (policy.has_signature_policy()) return compile(policy.signature_policy(), std::move(msps));
    if (!policy.has_channel_config_policy_reference())
        return makeError(StatusCode::kInvalidArgument, "BAD_POLICY",
                         "the application policy is neither a signature policy nor a reference",
                         {{"path", "application_policy"}, {"problem", "empty"}});
    const std::string& name = policy.channel_config_policy_reference();
    if (PolicyPtr found = tree.find(name)) return found;
    return makeError(
        StatusCode::kNotFound, "UNKNOWN_POLICY",
        fmt::format("the channel has no policy {}", printable(name, kMaxReferenceBytes)),
        {{"policy", name}});
}

Result<PolicyPtr> compileKeyPolicy(BytesView bytes, std::shared_ptr<const identity::MspSet> msps) {
    ASSIGN_OR_RETURN(const auto envelope, wire::parse<common::SignaturePolicyEnvelope>(
                                              bytes, "validation_parameter", kPolicyLimits));
    return compile(envelope, std::move(msps));
}

}  // namespace chancery::policy
