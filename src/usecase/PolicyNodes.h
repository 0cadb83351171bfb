#pragma once

#include <set>
#include <string>

#include "src/base/Ids.h"
#include "src/usecase/PolicyDescription.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::usecase {

/// The tree of a signature policy. Never fails: what is malformed is described as such.
PolicyNode describePolicy(const ::common::SignaturePolicyEnvelope& envelope);

/// The policy as its text; where it has none (principals that are not roles) as the rules of its
/// tree in one line.
std::string policyText(const ::common::SignaturePolicyEnvelope& envelope);

/// MSP ids that its principals name.
std::set<MspId> organisationsOf(const ::common::SignaturePolicyEnvelope& envelope);

}  // namespace chancery::usecase
