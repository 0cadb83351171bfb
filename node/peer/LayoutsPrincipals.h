#pragma once

#include <cstddef>
#include <vector>

#include "src/base/Status.h"

namespace common {
class MSPPrincipal;
class SignaturePolicyEnvelope;
}  // namespace common

namespace chancery::node {

/// Who signs together: indexes of principals; the same one twice stands for two identities.
using PrincipalSet = std::vector<std::size_t>;

/// Principals that several policies share, each with what can be compared of it.
class PrincipalTable {
public:
    PrincipalTable();
    ~PrincipalTable();

    /// The index of an equal principal, which is added when there is none.
    std::size_t add(const ::common::MSPPrincipal& principal);
    std::size_t size() const;
    const ::common::MSPPrincipal& at(std::size_t index) const;
    /// Whether every identity that is `narrow` is `wide` too, as far as that can be told without
    /// identities: a peer of an MSP is a member of it.
    bool covers(std::size_t narrow, std::size_t wide) const;

private:
    struct Entry;
    std::vector<Entry> m_entries;
};

/// Sets kept of one policy, and of several merged ones.
inline constexpr std::size_t kMaxPrincipalSets = 10'000;

/// The smallest sets that satisfy a policy. A policy with more sets than kMaxPrincipalSets gives
/// some of them: rules are left out of its gates, from the end, until the rest can be listed. No
/// sets: nobody can satisfy it. INVALID_ARGUMENT (BAD_POLICY).
Result<std::vector<PrincipalSet>> setsOf(const ::common::SignaturePolicyEnvelope& policy,
                                         PrincipalTable& table);

/// Sets that satisfy both policies, where a narrower principal stands for a wider one (fact sheet B
/// §8); none contains another.
std::vector<PrincipalSet> mergeSets(const std::vector<PrincipalSet>& left,
                                    const std::vector<PrincipalSet>& right,
                                    const PrincipalTable& table);

}  // namespace chancery::node
