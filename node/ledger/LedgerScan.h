#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "node/ledger/BlockStore.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::node {

/// DATA_LOSS (BAD_LEDGER_FILE) with `file` and `offset`.
Status badLedgerFile(const std::filesystem::path& file, std::uint64_t offset, std::string_view why);

/// What the newest file of a store holds.
struct NewestFile {
    protocol::LedgerFileHeader header;
    std::vector<std::uint64_t> offsets;  ///< of the frames
    std::uint64_t end = 0;               ///< behind the last good one
    Bytes lastHash;                      ///< empty without blocks
    std::optional<TailRepair> cut;       ///< what stands behind `end`
};

/// Reads the newest file whole: checks, numbers and links of every block. `previousHash` is what
/// its first block must name; nothing when that is not known. Errors: BAD_LEDGER_FILE when a good
/// block stands behind damage, BROKEN_CHAIN, NEWER_FORMAT.
Result<NewestFile> scanNewestFile(const std::filesystem::path& file,
                                  const std::optional<Bytes>& previousHash);

/// True when the file does not even have a header that was finished: it never held a block.
Result<bool> isStillborn(const std::filesystem::path& file);

/// A file that gets no more blocks: where they stand. Reads the frames' headers only.
struct OlderFile {
    protocol::LedgerFileHeader header;
    std::vector<std::uint64_t> offsets;
    std::uint64_t size = 0;
};
/// `next` is the first block of the file behind it.
Result<OlderFile> scanOlderFile(const std::filesystem::path& file, BlockNumber next);

}  // namespace chancery::node
