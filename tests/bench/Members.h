#pragma once

#include <memory>
#include <string>

#include "src/identity/Msp.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::bench {

/// The organisations of tests/data/vectors, freshly set up: nothing is in their caches yet.
Result<std::shared_ptr<const identity::MspSet>> membersOfVectors();

/// A member of one of them. `folder` is relative to the vectors' msp folder, for example
/// "peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test".
Result<identity::SigningIdentityPtr> memberOfVectors(const std::string& folder,
                                                     const std::string& mspId);

}  // namespace chancery::bench
