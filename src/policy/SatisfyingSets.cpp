#include "src/policy/SatisfyingSets.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/GreedyEvaluation.h"
#include "src/policy/Principal.h"
#include "src/policy/Reachability.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SetFamily.h"

namespace chancery::policy {

namespace {

std::vector<KnownPrincipal> scopesOf(const RuleTree& tree) {
    std::vector<KnownPrincipal> result;
    for (const auto& principal : tree.principals) result.push_back({scopeOf(principal), nullptr});
    return result;
}

/// The sets that thresholds alone ask for, given the sets of each principal.
class ThresholdSets {
public:
    ThresholdSets(const RuleTree& tree, std::vector<SetFamily> ofPrincipal, SetUnion how,
                  SetBudget& budget)
        : m_tree(tree),
          m_ofPrincipal(std::move(ofPrincipal)),
          m_how(std::move(how)),
          m_budget(budget) {}

    Result<SetFamily> of(std::size_t at) {
        const Rule& rule = m_tree.rules[at];
        RETURN_IF_ERROR(m_budget.spend(1));
        if (!rule.isGate()) return m_ofPrincipal[rule.principal];
        if (rule.needed <= 0) return SetFamily(1);
        const std::size_t childCount = m_tree.childCount(at);
        if (static_cast<std::size_t>(rule.needed) > childCount) return SetFamily{};
        std::vector<SetFamily> children;
        children.reserve(childCount);
        for (std::size_t child = at + 1; child < rule.end; child = m_tree.rules[child].end) {
            ASSIGN_OR_RETURN(SetFamily sets, of(child));
            children.push_back(std::move(sets));
        }
        return atLeast(static_cast<std::size_t>(rule.needed), children, m_how, m_budget);
    }

private:
    const RuleTree& m_tree;
    std::vector<SetFamily> m_ofPrincipal;
    SetUnion m_how;
    SetBudget& m_budget;
};

/// Tries sets of principals in Fabric's evaluation.
class Trial {
public:
    Trial(const RuleTree& tree, std::span<const KnownPrincipal> known, SetBudget& budget)
        : m_tree(tree), m_known(known), m_budget(budget) {}

    // General principals first: who can only be a member must not find that place taken by who
    // could be more.
    NumberSet inSigningOrder(NumberSet set) const {
        const auto rank = [this](std::uint32_t principal) {
            const PrincipalScope& scope = m_known[principal].scope;
            return scope.reach == PrincipalReach::Anybody ? 0 : scope.isMember ? 1 : 2;
        };
        std::stable_sort(set.begin(), set.end(),
                         [&rank](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
        return set;
    }

    Result<bool> satisfies(const NumberSet& set) {
        RETURN_IF_ERROR(m_budget.spend(m_tree.rules.size() + set.size()));
        const NumberSet signers = inSigningOrder(set);
        return isSatisfied(m_tree, signers.size(),
                           [&](std::size_t signer, std::uint32_t principal) {
                               return isPrincipal(signers[signer], principal);
                           });
    }

    // Leaves out one after another what is not needed.
    Result<NumberSet> reduced(NumberSet set) {
        for (std::size_t i = 0; i < set.size();) {
            NumberSet without = set;
            without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
            ASSIGN_OR_RETURN(const bool stillSatisfied, satisfies(without));
            if (stillSatisfied) {
                set = std::move(without);
                i = 0;  // what was needed before may not be any more
            } else {
                ++i;
            }
        }
        return set;
    }

    // The set with as few of its principals repeated as satisfy the policy; nullopt when a few more
    // do not help.
    Result<std::optional<NumberSet>> grown(const NumberSet& set) {
        std::set<NumberSet> seen{set};
        std::deque<NumberSet> queue{set};
        while (!queue.empty() && seen.size() < kMaxGrowth) {
            const NumberSet current = std::move(queue.front());
            queue.pop_front();
            for (std::size_t i = 0; i < current.size(); ++i) {
                if (i > 0 && current[i] == current[i - 1]) continue;
                if (m_known[current[i]].scope.isSingle) continue;
                NumberSet larger = current;
                larger.insert(larger.begin() + static_cast<std::ptrdiff_t>(i), current[i]);
                if (!seen.insert(larger).second) continue;
                ASSIGN_OR_RETURN(const bool satisfied, satisfies(larger));
                if (satisfied) return std::optional<NumberSet>(std::move(larger));
                queue.push_back(std::move(larger));
            }
        }
        return std::optional<NumberSet>();
    }

private:
    static constexpr std::size_t kMaxGrowth = 256;

    bool isPrincipal(std::uint32_t signer, std::uint32_t principal) const {
        if (signer == principal) return true;
        const PrincipalScope& is = m_known[signer].scope;
        const PrincipalScope& asked = m_known[principal].scope;
        if (asked.reach == PrincipalReach::Anybody) return true;
        return asked.isMember && is.reach == PrincipalReach::OneMsp && is.mspId == asked.mspId;
    }

    const RuleTree& m_tree;
    std::span<const KnownPrincipal> m_known;
    SetBudget& m_budget;
};

// One signer for every leaf.
NumberSet fullSet(const RuleTree& tree, std::span<const KnownPrincipal> known) {
    NumberSet set;
    for (const auto& rule : tree.rules)
        if (!rule.isGate() && known[rule.principal].scope.reach != PrincipalReach::Nobody)
            set.push_back(rule.principal);
    std::sort(set.begin(), set.end());
    const auto isSameSingle = [&known](std::uint32_t a, std::uint32_t b) {
        return a == b && known[a].scope.isSingle;
    };
    set.erase(std::unique(set.begin(), set.end(), isSameSingle), set.end());
    return set;
}

Result<SetFamily> thatSatisfy(const SetFamily& candidates, const RuleTree& tree,
                              std::span<const KnownPrincipal> known, SetBudget& budget) {
    Trial trial(tree, known, budget);
    SetFamily result;
    const auto addReduced = [&](NumberSet set) -> Status {
        ASSIGN_OR_RETURN(NumberSet minimal, trial.reduced(std::move(set)));
        result.push_back(std::move(minimal));
        return {};
    };
    for (const auto& candidate : candidates) {
        ASSIGN_OR_RETURN(const bool satisfied, trial.satisfies(candidate));
        if (satisfied) {
            RETURN_IF_ERROR(addReduced(candidate));
            continue;
        }
        ASSIGN_OR_RETURN(auto larger, trial.grown(candidate));
        if (larger) RETURN_IF_ERROR(addReduced(*std::move(larger)));
    }
    if (result.empty()) {
        NumberSet all = fullSet(tree, known);
        ASSIGN_OR_RETURN(const bool satisfied, trial.satisfies(all));
        if (satisfied) RETURN_IF_ERROR(addReduced(std::move(all)));
    }
    RETURN_IF_ERROR(minimise(result, budget));
    for (auto& set : result) set = trial.inSigningOrder(std::move(set));
    return result;
}

}  // namespace

Result<SatisfyingSets> minimalSatisfyingSets(const ::common::SignaturePolicyEnvelope& envelope,
                                             std::size_t maxSets) {
    ASSIGN_OR_RETURN(const RuleTree tree, flattenRules(envelope));
    const std::vector<KnownPrincipal> known = scopesOf(tree);
    SetBudget budget(maxSets);
    SetUnion how{.countRepetitions = true};
    std::vector<SetFamily> ofPrincipal;
    for (std::uint32_t i = 0; i < known.size(); ++i) {
        how.atMostOnce.push_back(known[i].scope.isSingle);
        ofPrincipal.push_back(known[i].scope.reach == PrincipalReach::Nobody ? SetFamily{}
                                                                             : SetFamily{{i}});
    }
    ASSIGN_OR_RETURN(const SetFamily candidates,
                     ThresholdSets(tree, std::move(ofPrincipal), std::move(how), budget).of(0));
    SatisfyingSets result;
    ASSIGN_OR_RETURN(result.sets, thatSatisfy(candidates, tree, known, budget));
    for (std::size_t i = 0; i < known.size(); ++i) {
        PrincipalWords words = describePrincipal(tree.principals[i]);
        result.principals.push_back({tree.envelopeIndex[i], known[i].scope.mspId,
                                     std::move(words.rule), std::move(words.phrase)});
    }
    return result;
}

Result<std::vector<std::vector<MspId>>> minimalOrganisationSets(
    const ::common::SignaturePolicyEnvelope& envelope, std::size_t maxSets) {
    ASSIGN_OR_RETURN(const RuleTree tree, flattenRules(envelope));
    const std::vector<KnownPrincipal> known = scopesOf(tree);
    std::set<MspId> sorted;
    for (const auto& principal : known)
        if (principal.scope.reach == PrincipalReach::OneMsp) sorted.insert(principal.scope.mspId);
    const std::vector<MspId> organisations(sorted.begin(), sorted.end());

    std::vector<SetFamily> ofPrincipal;
    for (const auto& [scope, msp] : known) {
        const auto at = std::lower_bound(organisations.begin(), organisations.end(), scope.mspId);
        const auto number = static_cast<std::uint32_t>(at - organisations.begin());
        ofPrincipal.push_back(scope.reach == PrincipalReach::Nobody    ? SetFamily{}
                              : scope.reach == PrincipalReach::Anybody ? SetFamily(1)
                                                                       : SetFamily{{number}});
    }
    SetBudget budget(maxSets);
    ASSIGN_OR_RETURN(const SetFamily sets,
                     ThresholdSets(tree, std::move(ofPrincipal), {}, budget).of(0));
    std::vector<std::vector<MspId>> result;
    for (const auto& set : sets) {
        std::vector<MspId> named;
        for (const std::uint32_t number : set) named.push_back(organisations[number]);
        // The same single identity in two places is more than thresholds can tell.
        const OrganisationPredicate isIn = [&named](const MspId& mspId) {
            return std::find(named.begin(), named.end(), mspId) != named.end();
        };
        if (Reachability(tree, known, isIn).evaluate(0)) result.push_back(std::move(named));
    }
    return result;
}

}  // namespace chancery::policy
