#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/common/policies.pb.h"
#include "node/peer/LayoutsPrincipals.h"
#include "node/peer/PeerChannel.h"
#include "src/base/Status.h"

namespace protos {
class ChaincodeInterest;
}

namespace chancery::node {

/// What a channel says about one contract of an interest.
struct ContractFacts {
    std::string name;
    std::uint64_t sequence = 0;
    ::common::SignaturePolicyEnvelope policy;
    /// Endorsement policies of those collections asked for that have one of their own.
    std::map<std::string, ::common::SignaturePolicyEnvelope> collectionPolicies;
    /// Member policies of the collections asked for.
    std::map<std::string, ::common::SignaturePolicyEnvelope> members;
};

/// Of each contract of the interest. FAILED_PRECONDITION with Fabric's sentences.
Result<std::vector<ContractFacts>> factsOf(PeerChannel& channel,
                                           const ::protos::ChaincodeInterest& interest);

/// Sequence of the contract's committed definition; "_lifecycle" is always 1. Nothing when it is
/// not defined.
Result<std::optional<std::uint64_t>> sequenceOf(PeerChannel& channel, std::string_view contract);

/// The sets of principals that satisfy everything that the interest needs. FAILED_PRECONDITION.
Result<std::vector<PrincipalSet>> setsFor(const ::protos::ChaincodeInterest& interest,
                                          const std::vector<ContractFacts>& contracts,
                                          PrincipalTable& table);

}  // namespace chancery::node
