#pragma once

#include <string>
#include <vector>

#include "src/usecase/PolicyDescription.h"

namespace chancery::usecase {

/// Everything that can be said of a policy without signatures at hand.
struct PolicyInsight {
    std::string path;  ///< in a configuration; empty for a policy given as text
    std::string text;
    PolicyNode tree;
    std::vector<std::string> organisations;  ///< MSP ids that it names, sorted
    /// The smallest groups of organisations that suffice; small groups first.
    std::vector<std::vector<std::string>> organisationSets;
    /// The smallest groups of signatures that suffice ("AlphaMSP.peer"); small groups first.
    std::vector<std::vector<std::string>> signerSets;
    std::string setsProblem;  ///< why the groups could not be listed; empty when they are complete
    /// Organisations that are in every group: without one of them nothing goes.
    std::vector<std::string> indispensable;
};

}  // namespace chancery::usecase
