#include "src/policy/RuleExplanation.h"

#include "src/base/Encoding.h"

namespace chancery::policy {

namespace {

using identity::IdentityPtr;

constexpr std::size_t kMaxCandidates = 4;  // whose shortcomings are listed for one leaf
constexpr std::size_t kMaxMspIdBytes = 128;

/// Turns a recorded evaluation into words.
class Narrator {
public:
    Narrator(const RuleTree& tree, std::span<const KnownPrincipal> known,
             const identity::MspSet& msps, std::span<const IdentityPtr> identities,
             const RecordingTrace& trace)
        : m_tree(tree),
          m_known(known),
          m_msps(msps),
          m_identities(identities),
          m_trace(trace),
          m_words(tree.principals.size()) {
        for (std::size_t i = 0; i < identities.size(); ++i)
            m_byMsp[identities[i]->mspId()].push_back(i);
    }

    Explanation tell(std::size_t at) {
        const Rule& rule = m_tree.rules[at];
        if (!rule.isGate()) return tellLeaf(at, rule.principal);
        Explanation result;
        result.needed = static_cast<std::size_t>(std::max(rule.needed, 0));
        result.have = static_cast<std::size_t>(m_trace.entries[at].satisfied);
        result.satisfied = m_trace.entries[at].satisfied >= rule.needed;
        for (std::size_t child = at + 1; child < rule.end; child = m_tree.rules[child].end)
            result.parts.push_back(tell(child));
        result.rule = fmt::format("{} of {}", rule.needed, result.parts.size());
        return result;
    }

private:
    Explanation tellLeaf(std::size_t at, std::uint32_t principal) {
        const PrincipalWords& words = wordsOf(principal);
        Explanation result{.rule = words.rule, .needed = 1, .phrase = words.phrase};
        const std::size_t identity = m_trace.entries[at].identity;
        result.satisfied = identity != SIZE_MAX;
        result.have = result.satisfied ? 1 : 0;
        if (result.satisfied)
            result.usedBy = nameOf(*m_identities[identity]);
        else
            tellUnmet(principal, result);
        return result;
    }

    // The same for each leaf of one principal: who is it but was spent elsewhere, and who is not
    // it.
    void tellUnmet(std::uint32_t principal, Explanation& leaf) {
        const auto [found, isNew] = m_why.try_emplace(principal);
        if (isNew) found->second = reasonsOf(principal);
        leaf.reasons = found->second;
        for (const Sentence& reason : leaf.reasons)
            leaf.why += (leaf.why.empty() ? "" : "; ") + reason.english;
    }

    std::vector<Sentence> reasonsOf(std::uint32_t principal) const {
        const PrincipalScope& scope = m_known[principal].scope;
        if (scope.reach == PrincipalReach::Nobody)
            return {say("NO_IDENTITY_CAN_BE", "no identity can be this")};
        if (m_identities.empty())
            return {say("NO_ACCEPTED_SIGNATURE", "there is no accepted signature")};
        std::vector<std::size_t> candidates;
        if (scope.reach == PrincipalReach::OneMsp) {
            const auto found = m_byMsp.find(scope.mspId);
            if (found == m_byMsp.end())
                return {say("NO_SIGNATURE_OF", "no accepted signature is of {msp}",
                            {{"msp", printable(scope.mspId.str(), kMaxMspIdBytes)}})};
            candidates = found->second;
        } else {
            for (std::size_t i = 0; i < std::min(m_identities.size(), kMaxCandidates + 1); ++i)
                candidates.push_back(i);
        }
        std::vector<Sentence> reasons;
        for (std::size_t i = 0; i < std::min(candidates.size(), kMaxCandidates); ++i) {
            const identity::Identity& identity = *m_identities[candidates[i]];
            const Status status = m_msps.satisfies(identity, m_tree.principals[principal]);
            reasons.push_back(say("CANDIDATE_LACKS", "{name}: {why}", {{"name", nameOf(identity)}},
                                  status.ok() ? say("COUNTS_ELSEWHERE", "already counts elsewhere")
                                              : sentenceOf(status)));
        }
        if (candidates.size() > kMaxCandidates) reasons.push_back(say("AND_OTHERS", "and others"));
        return reasons;
    }

    const PrincipalWords& wordsOf(std::uint32_t principal) {
        if (!m_words[principal])
            m_words[principal] = describePrincipal(m_tree.principals[principal]);
        return *m_words[principal];
    }

    const RuleTree& m_tree;
    std::span<const KnownPrincipal> m_known;
    const identity::MspSet& m_msps;
    std::span<const IdentityPtr> m_identities;
    const RecordingTrace& m_trace;
    std::unordered_map<MspId, std::vector<std::size_t>> m_byMsp;
    std::vector<std::optional<PrincipalWords>> m_words;
    std::unordered_map<std::uint32_t, std::vector<Sentence>> m_why;
};

}  // namespace

Explanation explainRules(const RuleTree& tree, std::span<const KnownPrincipal> known,
                         const identity::MspSet& msps,
                         std::span<const identity::IdentityPtr> identities,
                         const RecordingTrace& trace) {
    return Narrator(tree, known, msps, identities, trace).tell(0);
}

}  // namespace chancery::policy
