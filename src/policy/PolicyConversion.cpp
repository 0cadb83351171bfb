#include "src/policy/PolicyConversion.h"

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/RuleTree.h"
#include "src/wire/Parse.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxPathBytes = 1024;

Status tooLarge(const NamedPolicy& policy) {
    return makeError(
        StatusCode::kResourceExhausted, "POLICY_TOO_LARGE",
        fmt::format("policy {} as one signature policy has more than {} rules or {} levels",
                    printable(policy.path(), kMaxPathBytes), kMaxPolicyRules, kMaxPolicyDepth),
        {{"policy", policy.path()}});
}

/// Puts the rules of several policies over one list of principals, each principal once.
class Merger {
public:
    explicit Merger(const NamedPolicy& top) : m_top(top) {}

    Status append(const NamedPolicy& policy, common::SignaturePolicy& target, int level) {
        if (const auto* implicitMeta = policy.implicitMeta()) {
            if (level >= kMaxPolicyDepth) return tooLarge(m_top);
            return appendImplicitMeta(*implicitMeta, policy, target, level);
        }
        ASSIGN_OR_RETURN(const auto envelope, wire::parse<common::SignaturePolicyEnvelope>(
                                                  policy.envelope(), policy.path(), kPolicyLimits));
        std::vector<std::int32_t> numbers;
        for (const auto& principal : envelope.identities()) {
            ASSIGN_OR_RETURN(const std::int32_t number, numberOf(principal));
            numbers.push_back(number);
        }
        return appendRule(envelope.rule(), numbers, target, level);
    }

    common::SignaturePolicyEnvelope take() { return std::move(m_result); }
    common::SignaturePolicy& rule() { return *m_result.mutable_rule(); }

private:
    Status appendImplicitMeta(const ImplicitMetaPolicy& implicitMeta, const NamedPolicy& policy,
                              common::SignaturePolicy& target, int level) {
        auto& gate = *target.mutable_n_out_of();
        gate.set_n(static_cast<std::int32_t>(implicitMeta.threshold()));
        for (const auto& child : implicitMeta.children()) {
            const auto* named = dynamic_cast<const NamedPolicy*>(child.policy.get());
            if (named == nullptr)
                return makeError(
                    StatusCode::kFailedPrecondition, "POLICY_NOT_CONVERTIBLE",
                    fmt::format("policy {} asks {} for a policy {}, which it does not have",
                                printable(policy.path(), kMaxPathBytes),
                                printable(child.path, kMaxPathBytes),
                                printable(implicitMeta.subPolicy(), kMaxPathBytes)),
                    {{"policy", policy.path()}, {"group", child.path}});
            RETURN_IF_ERROR(append(*named, *gate.add_rules(), level + 1));
        }
        return {};
    }

    // The rule was compiled before, so its indexes are good and its own depth is bounded.
    Status appendRule(const common::SignaturePolicy& rule, const std::vector<std::int32_t>& numbers,
                      common::SignaturePolicy& target, int level) {
        if (level > kMaxPolicyDepth || ++m_ruleCount > kMaxPolicyRules) return tooLarge(m_top);
        if (rule.has_signed_by()) {
            target.set_signed_by(numbers[static_cast<std::size_t>(rule.signed_by())]);
            return {};
        }
        target.mutable_n_out_of()->set_n(rule.n_out_of().n());
        for (const auto& child : rule.n_out_of().rules())
            RETURN_IF_ERROR(
                appendRule(child, numbers, *target.mutable_n_out_of()->add_rules(), level + 1));
        return {};
    }

    Result<std::int32_t> numberOf(const common::MSPPrincipal& principal) {
        const auto [found, isNew] =
            m_numbers.try_emplace({principal.principal_classification(), principal.principal()},
                                  m_result.identities_size());
        if (isNew) {
            if (m_numbers.size() > kMaxPolicyRules) return tooLarge(m_top);
            *m_result.add_identities() = principal;
        }
        return found->second;
    }

    const NamedPolicy& m_top;
    common::SignaturePolicyEnvelope m_result;
    std::map<std::pair<int, std::string>, std::int32_t> m_numbers;
    std::size_t m_ruleCount = 0;
};

}  // namespace

Explanation NamedPolicy::explain(std::span<const identity::IdentityPtr> identities) const {
    Explanation result = m_policy->explain(identities);
    result.name = printable(m_path, kMaxPathBytes);
    return result;
}

Result<::common::SignaturePolicyEnvelope> convertToSignaturePolicy(const NamedPolicy& policy) {
    if (policy.implicitMeta() == nullptr)
        return wire::parse<common::SignaturePolicyEnvelope>(policy.envelope(), policy.path(),
                                                            kPolicyLimits);
    Merger merger(policy);
    RETURN_IF_ERROR(merger.append(policy, merger.rule(), 1));
    return merger.take();
}

}  // namespace chancery::policy
