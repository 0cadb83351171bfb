#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/Block.h"

namespace chancery::protocol {

/// A block and where it was found.
struct SourcedBlock {
    Block block;
    std::string file;          ///< name as it was opened or found
    std::uint64_t offset = 0;  ///< of the block's first byte (after the length, in block files)
    std::uint64_t size = 0;    ///< bytes in the file
};

/// Blocks one after the other, from wherever they are stored. One thread at a time; the blocks stay
/// valid after it.
class BlockSource {
public:
    virtual ~BlockSource() = default;
    /// The next block; nothing at the end. An error names `file` and `offset` and ends the source:
    /// asked again it gives the same error. DATA_LOSS: TORN_TAIL (the file ends inside a block),
    /// ZERO_TAIL (only zero bytes follow), BAD_BLOCK_FILE; INVALID_ARGUMENT: MALFORMED_PROTOBUF.
    /// All blocks before the damage have been given then.
    virtual Result<std::optional<SourcedBlock>> next() = 0;
    /// For progress: bytes given so far and bytes in all files.
    virtual std::uint64_t bytesDone() const = 0;
    virtual std::uint64_t bytesTotal() const = 0;
};
using BlockSourcePtr = std::unique_ptr<BlockSource>;

/// Opens whatever holds blocks: a file with one block (`peer channel fetch`), a raw block file of a
/// peer or orderer
/// (`blockfile_000000`), a ledger file of our own nodes (see LedgerFile.h), each of them compressed
/// by gzip or not, or a folder of such files. In a folder single blocks come in the order of their
/// numbers and block files in the order of their names; other files, hidden files and sub-folders
/// are passed over; links are not followed. A node may append meanwhile: its ledger files end
/// behind the last finished block. NOT_FOUND, or FAILED_PRECONDITION (NO_BLOCKS, MIXED_FOLDER,
/// DUPLICATE_BLOCK).
Result<BlockSourcePtr> openBlocks(const std::filesystem::path& path);

/// The same for one file's bytes in memory, called `name` in errors. NO_BLOCKS when there are none.
Result<BlockSourcePtr> openBlockBytes(std::string name, SharedBytes bytes);

/// One record of a raw block file: varint length, then header fields, envelopes and metadata in the
/// peers' own layout.
Bytes encodeBlockRecord(const Block& block);
/// The same without the length, behind what `out` holds.
void appendBlockRecord(Bytes& out, const Block& block);
/// The content of such a record (without its length). DATA_LOSS (BAD_BLOCK_FILE) with the offset
/// inside.
Result<Block> decodeBlockRecord(SharedBytes record);

/// Writes raw block files `blockfile_000000`, … of at most 64 MiB (more only for a single larger
/// block) into a folder.
class BlockFileWriter {
public:
    explicit BlockFileWriter(std::filesystem::path folder, std::uint64_t maxFileBytes = 64U << 20);

    /// ALREADY_EXISTS when a file of that name is there.
    Status append(const Block& block);
    /// Must be called at the end; what is not finished is not there.
    Status finish();

private:
    std::filesystem::path m_folder;
    std::uint64_t m_maxFileBytes;
    std::size_t m_fileNumber = 0;
    Bytes m_buffer;
};

/// Writes `block_<number>.pb` into a folder. ALREADY_EXISTS when it is there.
Status writeSingleBlock(const std::filesystem::path& folder, const Block& block);

}  // namespace chancery::protocol
