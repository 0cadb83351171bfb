#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Block.h"

namespace chancery::protocol {

// The block files of our own nodes: a file header, then one frame for each block. All integers are
// little-endian.
//
//   file header, 40 bytes: magic "CHLEDGER" · version u32 (1) · 0 u32 · salt u64 · first block u64
//   ·
//     CRC-32C of the 32 bytes before u32 · 0 u32
//   frame header, 24 bytes: magic u32 · payload bytes u32 · block number u64 · header check u32
//     (CRC-32C of salt and the 16 bytes before) · payload check u32 (CRC-32C of the payload, going
//     on from the header check)
//   payload: the block in the layout of Fabric's block files, without its length
//
// The salt is random and known to nobody outside the machine: what a client puts into a transaction
// cannot pass for a frame when a damaged file is searched for good ones. A frame's header is
// written after its payload, so that whoever reads while a node appends finds zeros there and knows
// that the block is not finished. A file that gets no more frames loses its write permission.

inline constexpr std::size_t kLedgerFileHeaderBytes = 40;
inline constexpr std::size_t kLedgerFrameHeaderBytes = 24;
/// Larger frames are damage, whatever their checks say.
inline constexpr std::uint32_t kMaxLedgerPayload = 1U << 30;

struct LedgerFileHeader {
    std::uint64_t salt = 0;
    BlockNumber firstBlock = 0;

    friend bool operator==(const LedgerFileHeader&, const LedgerFileHeader&) = default;
};

struct LedgerFrameHeader {
    std::uint32_t payloadBytes = 0;
    BlockNumber number = 0;
    std::uint32_t headerCheck = 0;
    std::uint32_t payloadCheck = 0;
};

/// "ledgerfile_" and twelve digits or more: the files sort in the order of their blocks.
std::string ledgerFileName(BlockNumber firstBlock);
/// The number in such a name; nothing for other names.
std::optional<BlockNumber> ledgerFileFirstBlock(std::string_view name);
/// By the first bytes.
bool looksLikeLedgerFile(BytesView head);

Bytes encodeLedgerFileHeader(const LedgerFileHeader& header);
/// From the first bytes of a file. DATA_LOSS (BAD_LEDGER_FILE) with `offset`;
/// FAILED_PRECONDITION (NEWER_FORMAT).
Result<LedgerFileHeader> decodeLedgerFileHeader(BytesView bytes);

/// Header and payload.
Bytes encodeLedgerFrame(const LedgerFileHeader& file, const Block& block);
/// Nothing when these first bytes are no frame header of this file.
std::optional<LedgerFrameHeader> decodeLedgerFrameHeader(const LedgerFileHeader& file,
                                                         BytesView bytes);
bool isIntact(const LedgerFrameHeader& frame, BytesView payload);

/// What stands at one place of a ledger file.
struct LedgerFrame {
    enum class Kind {
        Good,
        End,         ///< nothing more
        Unfinished,  ///< zeros where a header belongs: a block that is being written, or was not
                     ///< written to its end
        Torn,        ///< the file ends inside the frame
        Damaged
    };
    Kind kind = Kind::End;
    LedgerFrameHeader header;
    BytesView payload;  ///< of good frames: a view into the file's bytes
    std::string_view why;

    std::uint64_t size() const { return kLedgerFrameHeaderBytes + header.payloadBytes; }
};
LedgerFrame ledgerFrameAt(const LedgerFileHeader& file, BytesView bytes, std::uint64_t offset);
/// Offset of the first good frame behind `from` whose block has at least this number; nothing when
/// there is none. Tells damage in the middle of a file from a damaged end.
std::optional<std::uint64_t> findLedgerFrame(const LedgerFileHeader& file, BytesView bytes,
                                             std::uint64_t from, BlockNumber atLeast);

}  // namespace chancery::protocol
