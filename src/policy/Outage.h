#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/policy/Policy.h"
#include "src/policy/PolicyTree.h"

namespace chancery::policy {

struct NamedPolicyRef {
    std::string name;
    PolicyPtr policy;
};

/// One organisation without which something stops, however many identities the others have.
struct IndispensableOrganisation {
    MspId mspId;
    std::vector<std::string> policies;  ///< that stop when it alone is down, in the order given
};

/// What cannot be agreed on while some organisations are down. Each organisation that is up is
/// taken to have identities of every kind and number.
struct Outage {
    std::vector<std::string>
        stopped;  ///< policies that nobody can satisfy now, but could with all organisations up
    std::vector<std::string> never;  ///< policies that nobody can satisfy even then
    std::vector<IndispensableOrganisation>
        indispensable;  ///< with all organisations up; sorted by MSP id
};
Outage outageWithout(const std::set<MspId>& down, const std::vector<NamedPolicyRef>& policies);

/// All policies of a channel.
std::vector<NamedPolicyRef> policiesOf(const PolicyTree& tree);

}  // namespace chancery::policy
