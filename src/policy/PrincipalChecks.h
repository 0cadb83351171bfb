#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "src/identity/Msp.h"
#include "src/policy/Principal.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"

namespace chancery::policy {

/// A principal with what is known of it before any identity comes.
struct KnownPrincipal {
    PrincipalScope scope;
    identity::MspPtr msp;  // with OneMsp; null when the channel has no such MSP
};

/// Answers whether an identity is a principal and remembers it while one evaluation lasts.
class PrincipalChecks {
public:
    PrincipalChecks(const RuleTree& tree, std::span<const KnownPrincipal> known,
                    const identity::MspSet& msps, std::span<const identity::IdentityPtr> identities)
        : m_tree(tree),
          m_known(known),
          m_msps(msps),
          m_identities(identities),
          m_words((identities.size() + 63) / 64) {
        const std::size_t size = 2 * m_words * known.size();
        if (size <= m_small.size()) {
            std::fill_n(m_small.begin(), size, 0);
            m_memo = m_small.data();
        } else if (size * sizeof(std::uint64_t) <= kMaxMemoBytes) {
            m_large.resize(size);
            m_memo = m_large.data();
        }
    }

    bool operator()(std::size_t identity, std::uint32_t principal) {
        if (m_memo == nullptr) return ask(identity, principal);
        std::uint64_t* asked = m_memo + 2 * (principal * m_words + identity / 64);
        std::uint64_t* yes = asked + 1;
        const std::uint64_t bit = std::uint64_t{1} << (identity % 64);
        if ((*asked & bit) == 0) {
            *asked |= bit;
            if (ask(identity, principal)) *yes |= bit;
        }
        return (*yes & bit) != 0;
    }

    /// Whether a question was left unasked; the evaluation then means nothing.
    bool gaveUp() const { return m_gaveUp; }

private:
    bool ask(std::size_t index, std::uint32_t principal) {
        const identity::Identity& identity = *m_identities[index];
        const KnownPrincipal& known = m_known[principal];
        if (known.scope.reach == PrincipalReach::Nobody) return false;
        m_gaveUp = m_gaveUp || m_asked == kMaxPrincipalChecks;
        if (m_gaveUp) return false;
        ++m_asked;
        if (known.scope.reach == PrincipalReach::Anybody)
            return m_msps.isPrincipal(identity, m_tree.principals[principal]);
        return known.msp && known.scope.mspId == identity.mspId() &&
               known.msp->isPrincipal(identity, m_tree.principals[principal]);
    }

    const RuleTree& m_tree;
    std::span<const KnownPrincipal> m_known;
    const identity::MspSet& m_msps;
    std::span<const identity::IdentityPtr> m_identities;
    std::size_t m_words;
    std::size_t m_asked = 0;
    bool m_gaveUp = false;
    static constexpr std::size_t kMaxMemoBytes = 1 << 20;
    // Two words for each principal and 64 identities: asked already, answered yes.
    std::uint64_t* m_memo = nullptr;
    std::array<std::uint64_t, 64> m_small;
    std::vector<std::uint64_t> m_large;
};

}  // namespace chancery::policy
