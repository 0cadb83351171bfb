#include "src/policy/SignaturePolicy.h"

#include "src/policy/GreedyEvaluation.h"
#include "src/policy/PrincipalChecks.h"
#include "src/policy/Reachability.h"
#include "src/policy/RuleExplanation.h"

namespace chancery::policy {

namespace {

using Identities = std::span<const identity::IdentityPtr>;

class SignaturePolicy final : public Policy {
public:
    SignaturePolicy(RuleTree tree, std::shared_ptr<const identity::MspSet> msps)
        : m_tree(std::move(tree)), m_msps(std::move(msps)) {
        m_known.reserve(m_tree.principals.size());
        for (const auto& principal : m_tree.principals) {
            KnownPrincipal& known =
                m_known.emplace_back(KnownPrincipal{scopeOf(principal), nullptr});
            if (known.scope.reach == PrincipalReach::OneMsp)
                known.msp = m_msps->find(known.scope.mspId);
        }
    }

    bool isSatisfiedBy(Identities identities) const override {
        PrincipalChecks checks(m_tree, m_known, *m_msps, identities);
        NoTrace trace;
        const bool satisfied =
            GreedyEvaluation<PrincipalChecks, NoTrace>(m_tree, identities.size(), checks, trace)
                .run();
        return satisfied && !checks.gaveUp();
    }

    Explanation explain(Identities identities) const override {
        PrincipalChecks checks(m_tree, m_known, *m_msps, identities);
        RecordingTrace trace;
        trace.entries.resize(m_tree.rules.size());
        GreedyEvaluation<PrincipalChecks, RecordingTrace>(m_tree, identities.size(), checks, trace)
            .run();
        Explanation result = explainRules(m_tree, m_known, *m_msps, identities, trace);
        if (checks.gaveUp()) {
            result.satisfied = false;
            result.reasons = {say("TOO_MANY_QUESTIONS", "given up after {count} questions to MSPs",
                                  {{"count", std::to_string(kMaxPrincipalChecks)}})};
            result.why = result.reasons.front().english;
        }
        return result;
    }

    bool canBeSatisfiedBy(const OrganisationPredicate& available) const override {
        const OrganisationPredicate isThere = [&](const MspId& mspId) {
            return m_msps->find(mspId) != nullptr && available(mspId);
        };
        return Reachability(m_tree, m_known, isThere).evaluate(0);
    }

    void addOrganisations(std::set<MspId>& organisations) const override {
        for (const auto& known : m_known)
            if (known.scope.reach == PrincipalReach::OneMsp)
                organisations.insert(known.scope.mspId);
    }

private:
    RuleTree m_tree;
    std::vector<KnownPrincipal> m_known;  // of m_tree.principals
    std::shared_ptr<const identity::MspSet> m_msps;
};

}  // namespace

PolicyPtr makeSignaturePolicy(RuleTree rules, std::shared_ptr<const identity::MspSet> msps) {
    return std::make_shared<SignaturePolicy>(std::move(rules), std::move(msps));
}

Result<PolicyPtr> compileSignaturePolicy(const ::common::SignaturePolicyEnvelope& envelope,
                                         std::shared_ptr<const identity::MspSet> msps) {
    ASSIGN_OR_RETURN(RuleTree rules, flattenRules(envelope));
    return makeSignaturePolicy(std::move(rules), std::move(msps));
}

}  // namespace chancery::policy
