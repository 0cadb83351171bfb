#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::index {

/// A file with blocks, and what shows that it became another one.
struct ListedFile {
    std::filesystem::path path;
    std::uint64_t size = 0;
    std::int64_t changed = 0;  ///< time of the last change, nanoseconds of the file system's clock
    Bytes head;                ///< its first bytes
};

/// All files of these sources in the order of their blocks. Errors as protocol::openBlocks.
Result<std::vector<ListedFile>> listFiles(const std::vector<std::filesystem::path>& paths);

/// Whether the files are those of an earlier list, or these with more behind them: the last one
/// grown, new ones after it.
bool goOn(const std::vector<ListedFile>& before, const std::vector<ListedFile>& now);

}  // namespace chancery::index
