#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "src/base/Ids.h"
#include "src/protocol/Version.h"

namespace chancery::index {

/// Block and position in one integer that grows along the chain: rows of a block lie together, and
/// "everything up to block n" is a range. A block has at most 2^20 transactions; the last of its
/// 2^21 slots stands for what happens when the block ends (private data that expire).
using Place = std::int64_t;

inline constexpr int kSlotBits = 21;
inline constexpr std::uint64_t kEndSlot = (1ULL << kSlotBits) - 1;
/// Blocks of higher numbers are refused; so many will never be.
inline constexpr BlockNumber kMaxBlock = (1ULL << 40) - 1;
/// Of what came with a snapshot: before all blocks.
inline constexpr Place kFromSnapshot = -1;
inline constexpr Place kNever = std::numeric_limits<Place>::max();

inline Place placeOf(BlockNumber block, std::uint64_t transaction) {
    return static_cast<Place>((block << kSlotBits) | std::min(transaction, kEndSlot));
}
/// The first place of a block; also the end of everything before it. Any number will do.
inline Place beginOf(BlockNumber block) {
    return block > kMaxBlock ? kNever : static_cast<Place>(block << kSlotBits);
}
inline BlockNumber blockOf(Place place) {
    return static_cast<BlockNumber>(place) >> kSlotBits;
}
inline std::uint64_t slotOf(Place place) {
    return static_cast<std::uint64_t>(place) & kEndSlot;
}
/// As verification numbers versions; not for kFromSnapshot.
inline protocol::Version versionOf(Place place) {
    const std::uint64_t slot = slotOf(place);
    return {blockOf(place), slot == kEndSlot ? std::numeric_limits<std::uint64_t>::max() : slot};
}

/// What a transaction did with a key; bits of the columns versions.what and touches.what.
namespace what {
inline constexpr std::int64_t kRead = 1;
inline constexpr std::int64_t kValue = 2;
inline constexpr std::int64_t kDelete = 4;
inline constexpr std::int64_t kMetadata = 8;
inline constexpr std::int64_t kExpired = 16;
inline constexpr std::int64_t kExisted = 32;  ///< deletions: there was something to delete
inline constexpr std::int64_t kGone = kDelete | kExpired;
}  // namespace what

}  // namespace chancery::index
