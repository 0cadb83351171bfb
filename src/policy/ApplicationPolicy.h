#pragma once

#include <memory>
#include <string_view>

#include "src/policy/Policy.h"
#include "src/policy/PolicyTree.h"

namespace chancery::policy {

/// What an endorsement policy is when a chaincode definition gives none.
inline constexpr std::string_view kDefaultEndorsementPolicy = "/Channel/Application/Endorsement";

/// The policy of a chaincode or a collection from protos.ApplicationPolicy bytes: a signature
/// policy, or the channel's policy of that name as it stands in `tree` (fact sheet B §3.3).
/// INVALID_ARGUMENT: MALFORMED_PROTOBUF, BAD_POLICY; NOT_FOUND (UNKNOWN_POLICY) when the reference
/// leads nowhere. The version of the signature policy is not looked at, as Fabric does not.
Result<PolicyPtr> compileApplicationPolicy(BytesView bytes, const PolicyTree& tree,
                                           std::shared_ptr<const identity::MspSet> msps);

/// The policy of a single key, from the value of its metadata VALIDATION_PARAMETER
/// (SignaturePolicyEnvelope bytes). Errors as above.
Result<PolicyPtr> compileKeyPolicy(BytesView bytes, std::shared_ptr<const identity::MspSet> msps);

}  // namespace chancery::policy
