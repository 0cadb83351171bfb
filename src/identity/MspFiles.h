#pragma once

// For the sources of this folder: the files of an MSP folder.
#include <filesystem>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::identity {

struct PemFile {
    std::filesystem::path path;
    Bytes bytes;
};

/// Regular files (links followed) in the order of their names; those without a PEM block are passed
/// over with a warning. Nothing when the folder does not exist. RESOURCE_EXHAUSTED: FILE_TOO_LARGE,
/// TOO_MANY_FILES.
Result<std::vector<PemFile>> readPemFiles(const std::filesystem::path& folder,
                                          std::uint64_t mostBytes);

}  // namespace chancery::identity
