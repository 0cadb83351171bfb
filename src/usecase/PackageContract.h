#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::usecase {

struct ContractToPackage {
    std::filesystem::path folder;   ///< with package.json
    std::string label;              ///< "wallet_1.0"
    std::string type = "chancery";  ///< who shall run it: "chancery", or "node" for the npm shim
};

struct PackagedContract {
    Bytes bytes;            ///< what is installed on peers
    std::string packageId;  ///< "label:hash"
    std::size_t files = 0;
};

/// Makes an installable package of the folder of a JavaScript contract: its files below `src/`, its
/// META-INF beside it, as peers expect both. The same files give the same bytes and the same id on
/// every machine. Left out: node_modules (they are installed where the contract runs, and
/// chancery-contract brings its own), hidden files, and links.
class PackageContract {
public:
    /// NOT_FOUND (NO_CONTRACT) when the folder has no package.json; INVALID_ARGUMENT: BAD_LABEL,
    /// BAD_TYPE; RESOURCE_EXHAUSTED: PACKAGE_TOO_LARGE, TOO_MANY_ENTRIES; errors of reading.
    Result<PackagedContract> run(const ContractToPackage& contract) const;
};

}  // namespace chancery::usecase
