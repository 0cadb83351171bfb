#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::protocol {

/// Limits against archives that are made to exhaust their reader.
struct PackageLimits {
    std::uint64_t maxPackedBytes = 50U << 20;
    std::uint64_t maxUnpackedBytes = 256U << 20;
    std::uint64_t maxRatio = 100;  ///< unpacked to packed, above the first MiB
    std::size_t maxEntries = 10'000;
};

struct PackageFile {
    std::string name;
    std::uint64_t size = 0;
    unsigned mode = 0;
    bool isFolder = false;
};

/// A contract as it is installed on a peer (fact sheet B §4.5). Nothing is ever unpacked to disk.
struct ChaincodePackage {
    std::string packageId;  ///< "<label>:<lower-case hex of SHA-256 over the whole file>"
    std::string label;
    std::string type;  ///< as written: "golang", "node", "java", "ccaas", …
    std::string path;
    Bytes metadataJson;                    ///< metadata.json as it stands
    Bytes code;                            ///< code.tar.gz as it stands
    std::vector<std::string> entries;      ///< names in the package, in order
    std::vector<PackageFile> codeEntries;  ///< content of code.tar.gz, in order
};

/// Refusals are INVALID_ARGUMENT with Fabric's meaning: NOT_GZIP, TRUNCATED, BAD_ARCHIVE,
/// NOT_REGULAR (with `entry`), NO_METADATA, METADATA_NOT_JSON, BAD_LABEL, NO_CODE; stricter than
/// Fabric: UNSAFE_PATH and NOT_REGULAR inside code.tar.gz, DUPLICATE_ENTRY; RESOURCE_EXHAUSTED:
/// PACKAGE_TOO_LARGE, UNPACKS_TOO_LARGE, TOO_MANY_ENTRIES.
Result<ChaincodePackage> readChaincodePackage(BytesView bytes, const PackageLimits& limits = {});
Result<ChaincodePackage> readChaincodePackageFile(const std::filesystem::path& path,
                                                  const PackageLimits& limits = {});

struct PackageSource {
    std::string label;
    std::string type;
    std::string path;
    struct File {
        std::string name;  ///< inside code.tar.gz, "/" between folders
        Bytes content;
    };
    std::vector<File> files;
};
/// Package bytes that depend on the content only: files sorted by name, no times, owners or user
/// names. BAD_LABEL, UNSAFE_PATH, DUPLICATE_ENTRY.
Result<Bytes> writeChaincodePackage(const PackageSource& source);

/// `^[[:alnum:]][[:alnum:]_.+-]*$`. INVALID_ARGUMENT (BAD_LABEL).
Status checkPackageLabel(std::string_view label);
std::string packageIdOf(std::string_view label, BytesView packageBytes);

}  // namespace chancery::protocol
