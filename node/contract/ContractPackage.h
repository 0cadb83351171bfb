#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node::contract {

/// What a package may have.
struct PackageCaps {
    std::uint64_t maxBytes = 64U << 20;
    std::size_t maxFiles = 20'000;
    int maxDepth = 32;  ///< folders inside of folders
};

/// The code of a contract, in memory: nothing else of the disk can be reached by it.
struct ContractPackage {
    std::map<std::string, Bytes> files;  ///< by path from the folder of package.json
    std::string name;                    ///< of package.json; empty without one
    std::string version;
    std::string main;  ///< empty: index.js
    bool isEcmaScriptModule = false;
    Bytes metadata;  ///< META-INF/metadata.json or contract-metadata/metadata.json, or empty
};

/// From a folder, from a chaincode package (.tar.gz with metadata.json and code.tar.gz) or from its
/// code.tar.gz. Code below `src/` counts from there, as peers unpack it. Links are not followed.
/// NOT_FOUND (NO_PACKAGE); INVALID_ARGUMENT: BAD_PACKAGE_JSON, BAD_CONTRACT_METADATA, UNSAFE_PATH
/// and those of readChaincodePackage; RESOURCE_EXHAUSTED: PACKAGE_TOO_LARGE, TOO_MANY_ENTRIES.
Result<ContractPackage> loadContractPackage(const std::filesystem::path& path,
                                            const PackageCaps& caps = {});

/// The same from files in memory.
Result<ContractPackage> makeContractPackage(std::map<std::string, Bytes> files);

}  // namespace chancery::node::contract
