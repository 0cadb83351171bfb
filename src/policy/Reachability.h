#pragma once

#include <span>
#include <vector>

#include "src/policy/Policy.h"
#include "src/policy/PrincipalChecks.h"
#include "src/policy/RuleTree.h"

namespace chancery::policy {

/// Can the policy be satisfied when there is no lack of identities? Single identities are spent as
/// in an evaluation.
class Reachability {
public:
    Reachability(const RuleTree& tree, std::span<const KnownPrincipal> known,
                 const OrganisationPredicate& available)
        : m_tree(tree), m_known(known), m_available(available), m_spent(known.size()) {}

    bool evaluate(std::size_t at) {
        const Rule& rule = m_tree.rules[at];
        if (!rule.isGate()) return fill(rule.principal);
        std::int32_t satisfied = 0;
        for (std::size_t child = at + 1; child < rule.end; child = m_tree.rules[child].end) {
            const std::size_t mark = m_order.size();
            if (evaluate(child)) {
                ++satisfied;
                continue;
            }
            for (; m_order.size() > mark; m_order.pop_back()) m_spent[m_order.back()] = false;
        }
        return satisfied >= rule.needed;
    }

private:
    bool fill(std::uint32_t principal) {
        const KnownPrincipal& known = m_known[principal];
        if (known.scope.reach == PrincipalReach::Nobody) return false;
        if (known.scope.reach == PrincipalReach::OneMsp && !m_available(known.scope.mspId))
            return false;
        if (!known.scope.isSingle) return true;
        if (m_spent[principal]) return false;
        m_spent[principal] = true;
        m_order.push_back(principal);
        return true;
    }

    const RuleTree& m_tree;
    std::span<const KnownPrincipal> m_known;
    const OrganisationPredicate& m_available;
    std::vector<bool> m_spent;
    std::vector<std::uint32_t> m_order;
};

}  // namespace chancery::policy
