#pragma once

#include <string>

#include "src/base/Ids.h"

namespace common {
class MSPPrincipal;
}

namespace chancery::policy {

/// Whose identities can be a principal at all, read from the principal alone.
enum class PrincipalReach {
    Nobody,  ///< malformed, unknown or asking for what no X.509 identity has
    OneMsp,  ///< only identities of one MSP
    Anybody  ///< not told by the principal itself
};

/// What can be said about a principal without an MSP at hand. Source: fact sheet A §2.5.
struct PrincipalScope {
    PrincipalReach reach = PrincipalReach::Nobody;
    MspId mspId;            ///< with OneMsp
    bool isMember = false;  ///< any valid identity of that MSP is it
    bool isSingle = false;  ///< at most one identity is it
};
PrincipalScope scopeOf(const ::common::MSPPrincipal& principal);

/// A principal in words.
struct PrincipalWords {
    std::string rule;    ///< short: "BetaMSP.peer"
    std::string phrase;  ///< within a sentence: "a peer of BetaMSP"
};
/// Never fails: a malformed principal is described as such. Safe to print.
PrincipalWords describePrincipal(const ::common::MSPPrincipal& principal);

}  // namespace chancery::policy
