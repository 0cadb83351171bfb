#pragma once

#include <filesystem>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// Makes the folders on the way (0700) and the file (0600), which must not be there yet. For files
/// that can be made again: nothing is forced to the disk. ALREADY_EXISTS, FILE_ERROR.
Status writeFresh(const std::filesystem::path& path, BytesView bytes);
/// Only the folders. FILE_ERROR.
Status makeFolder(const std::filesystem::path& folder);

}  // namespace chancery::usecase
