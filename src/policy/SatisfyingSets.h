#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::policy {

inline constexpr std::size_t kMaxSatisfyingSets = 10'000;

/// A principal of a policy, in words.
struct PolicyPrincipal {
    std::uint32_t index = 0;  ///< where the envelope lists it first
    MspId mspId;              ///< empty when it names no MSP
    std::string rule;         ///< "BetaMSP.peer"
    std::string phrase;       ///< "a peer of BetaMSP"
};

/// Who can satisfy a policy together. Each principal of a set stands for an identity of its own, so
/// the same one twice means two different identities. Signatures given in the order of the set
/// satisfy the policy, and without any one of them they do not.
struct SatisfyingSets {
    std::vector<PolicyPrincipal> principals;  ///< each once, in the order of the policy's leaves
    std::vector<std::vector<std::uint32_t>> sets;  ///< indexes into `principals`; small sets first
};

/// All minimal sets of a policy whose parts do not compete for the same principal, which is nearly
/// every policy. Where they do, Fabric's greedy evaluation may ask for more signatures than the
/// thresholds say ("OutOf(2, OR('A.peer', 'B.peer'), 'B.peer')" is not satisfied by A and B, for
/// the OR spends both); each set given here was tried in such an evaluation, but some others may be
/// missing. No sets: nobody can satisfy the policy. An identity is taken to be the principal it
/// stands for and a member of its MSP, nothing else. Errors: as compileSignaturePolicy, and
/// RESOURCE_EXHAUSTED (TOO_MANY_SETS).
Result<SatisfyingSets> minimalSatisfyingSets(const ::common::SignaturePolicyEnvelope& envelope,
                                             std::size_t maxSets = kMaxSatisfyingSets);

/// The minimal sets of organisations that can satisfy the policy when each has identities of every
/// kind and number; small sets first, each sorted. Errors as above.
Result<std::vector<std::vector<MspId>>> minimalOrganisationSets(
    const ::common::SignaturePolicyEnvelope& envelope, std::size_t maxSets = kMaxSatisfyingSets);

}  // namespace chancery::policy
