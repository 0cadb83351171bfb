#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"
#include "src/protocol/Block.h"
#include "src/protocol/Version.h"

namespace chancery::node {

class Disk;

struct BlockStoreOptions {
    /// A file ends before the block that would make it longer.
    std::uint64_t maxFileBytes = 64U << 20;
    /// Position of the first block: greater than 0 after a snapshot. Counts only while the store
    /// is empty.
    BlockNumber firstBlock = 0;
    /// Hash that the first block must name as the one before it; empty: not checked.
    Bytes previousHash;
    /// For tests: what writes. Null: the system.
    Disk* disk = nullptr;
};

/// What was cut off at the end of the newest file when the store was opened.
struct TailRepair {
    std::string file;
    std::uint64_t offset = 0;  ///< of the first byte that was cut
    std::uint64_t bytes = 0;
    std::string why;
};

/// A chain of blocks in append-only files of framed, checksummed records (see
/// src/protocol/LedgerFile.h): the truth that everything else of a channel can be rebuilt from.
/// Reading is for any thread, appending for one. Opening reads the newest file only, whole; of the
/// older ones, which get no more blocks, frame headers are read when one of their blocks is first
/// asked for, and every block is checked when it is read.
class BlockStore {
public:
    /// Makes the folder when it is missing. The tail is cut to the last good record; damage before
    /// it is refused: DATA_LOSS (BAD_LEDGER_FILE) with `file` and `offset`. Also DATA_LOSS
    /// (BROKEN_CHAIN) when numbers or previous hashes do not follow; FAILED_PRECONDITION (IN_USE)
    /// when another process has it open.
    static Result<std::unique_ptr<BlockStore>> open(const std::filesystem::path& folder,
                                                    const BlockStoreOptions& options = {});
    virtual ~BlockStore() = default;

    /// Number of the next block.
    virtual BlockNumber height() const = 0;
    /// First block that is there; equals height() in an empty store.
    virtual BlockNumber firstBlock() const = 0;
    /// Hash of the newest block's header; without blocks that of the options.
    virtual Bytes lastHash() const = 0;
    virtual const std::optional<TailRepair>& repair() const = 0;

    /// Durable when it returns. FAILED_PRECONDITION (BLOCK_OUT_OF_ORDER, BROKEN_CHAIN);
    /// RESOURCE_EXHAUSTED (DISK_FULL), after which the store is as before and may be tried again;
    /// DATA_LOSS (STORE_IO_ERROR) after which every append is refused until it is opened again.
    virtual Status append(const protocol::Block& block) = 0;

    /// The last blocks are kept in memory. NOT_FOUND (NO_SUCH_BLOCK); DATA_LOSS (BAD_LEDGER_FILE).
    virtual Result<protocol::Block> read(BlockNumber number) const = 0;

    /// Called after each append, on the appending thread, with the new height.
    [[nodiscard]] virtual Subscription onAppend(std::function<void(BlockNumber)> listener) = 0;
};

}  // namespace chancery::node
