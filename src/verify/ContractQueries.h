#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Lifecycle.h"
#include "src/verify/State.h"

namespace chancery::verify {

// What peers answer about contract definitions (fact sheet B §4.4), derived from a state. Errors
// are the store's, or DATA_LOSS (BAD_DEFINITION).

/// Names of the defined contracts, sorted.
Result<std::vector<std::string>> definedContracts(const StateReader& state);
/// Nothing when the contract is not defined.
Result<std::optional<protocol::ChaincodeDefinition>> definitionOf(std::string_view contract,
                                                                  const StateReader& state);
/// Which organisations of the channel have approved exactly this definition: the hashes of what
/// they must have written are compared with those in their implicit collections.
Result<std::map<MspId, bool>> approvalsOf(std::string_view contract,
                                          const protocol::ChaincodeDefinition& definition,
                                          const channel::Bundle& bundle, const StateReader& state);

}  // namespace chancery::verify
