#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::agent {

/// A copy of a regular file with its mode, sharing its blocks where the file system can do that.
/// CANNOT_COPY. Not synced.
Status copyFile(const std::filesystem::path& from, const std::filesystem::path& to);

/// Regular files of a folder and all below it, as paths from it, sorted; links, sockets and the
/// like are left out.
Result<std::vector<std::string>> filesBelow(const std::filesystem::path& folder);

/// All of `filesBelow`, and empty folders. `to` must not exist.
Status copyFolder(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace chancery::agent
