#pragma once

#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "tests/bench/load/LoadPlan.h"

namespace chancery::load {

/// The command line of chancery_load, before any file is read.
struct LoadOptions {
    bool help = false;
    LoadPlan plan;  ///< without gateways and identities
    std::filesystem::path profile;
    std::vector<std::string> identities;  ///< MSPID=FOLDER or a wallet's FILE.id
    std::vector<std::string> gateways;    ///< names or endpoints; empty: see openPlan
};

/// INVALID_ARGUMENT (USAGE) with a sentence for whoever typed it.
Result<LoadOptions> parseOptions(const std::vector<std::string>& arguments);
void printHelp(std::ostream& out);

/// Reads the profile and the identities. Without --gateway all peers of the organisations that the
/// identities belong to are used. Errors of readConnectionProfileFile, loadSigningIdentity and
/// makeSigningIdentity; NOT_FOUND (NO_SUCH_NODE); INVALID_ARGUMENT (BAD_WALLET).
Result<LoadPlan> openPlan(const LoadOptions& options);

}  // namespace chancery::load
