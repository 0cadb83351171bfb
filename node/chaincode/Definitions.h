#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "src/base/Status.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::node {

class Simulation;

// Contract definitions as a transaction reads them: every look stands in its read/write set, as it
// does in Fabric's (fact sheet B §1.3, §4.4).

/// 0 when the contract is not defined.
Result<std::int64_t> committedSequence(Simulation& simulation, std::string_view contract);

/// Reads metadata and all fields; nothing when the contract is not defined. The namespace
/// _lifecycle counts as defined, with nothing in it, and is not read.
Result<std::optional<protocol::ChaincodeDefinition>> committedDefinition(Simulation& simulation,
                                                                         std::string_view contract);

/// The same, and for contracts that are not defined the look at Fabric 1.x's definitions that every
/// peer takes. Contracts that are defined there only are refused (LEGACY_CONTRACT).
Result<std::optional<protocol::ChaincodeDefinition>> deployedDefinition(Simulation& simulation,
                                                                        std::string_view contract);

/// Names of all collections that a contract has: its own, and the implicit ones of the channel's
/// organisations.
Result<std::set<std::string, std::less<>>> collectionNames(Simulation& simulation,
                                                           std::string_view contract);

/// A collection by name; implicit ones of any organisation are there too.
Result<std::optional<protocol::Collection>> collectionOf(Simulation& simulation,
                                                         std::string_view contract,
                                                         std::string_view collection);

/// The collection that an organisation has without its being defined.
protocol::Collection implicitCollection(const MspId& mspId);

}  // namespace chancery::node
