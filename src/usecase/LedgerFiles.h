#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::protocol {
class BlockSource;
}

namespace chancery::usecase {

/// Where a ledger is: its blocks, and the snapshot that they follow if they do not begin with block
/// 0.
struct LedgerLocation {
    std::vector<std::filesystem::path> paths;
    std::optional<std::filesystem::path> snapshot;
};

/// How far a long task is. Called often and from the thread of the task; whoever shows it decides
/// how often.
struct Progress {
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    std::uint64_t blocks = 0;          ///< handled so far
    std::optional<BlockNumber> block;  ///< number of the last one
};
using OnProgress = std::function<void(const Progress&)>;

/// Whether a folder is a ledger snapshot.
bool isSnapshotFolder(const std::filesystem::path& path);

/// The blocks of several files and folders as one chain, in the order of their first blocks. Errors
/// as protocol::openBlocks.
Result<std::unique_ptr<protocol::BlockSource>> openLedger(
    const std::vector<std::filesystem::path>& paths);

}  // namespace chancery::usecase
