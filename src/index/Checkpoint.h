#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Sentence.h"

namespace chancery::index {

/// How far an index is, written with every commit: all that it takes to go on from there, and
/// what has been counted so far.
struct Checkpoint {
    ChannelId channel;
    std::optional<BlockNumber> first;  ///< blocks that are in the index
    std::optional<BlockNumber> last;

    // Of the verification (see verify::ChainState).
    Bytes headerHash;
    std::optional<Bytes> commitHash;
    std::optional<BlockNumber> configBlock;
    Bytes anchorHash;
    bool stateKnown = false;
    Sentence start;
    std::optional<BlockNumber> verifiedTo;
    bool ended = false;  ///< verification has come to its end; what follows is not checked

    /// Up to here the key versions are the whole state: nothing is missing before.
    std::optional<BlockNumber> stateTo;
    std::optional<BlockNumber> snapshot;  ///< the state began with one

    // Where the next block is looked for: position in the list of files, and in its bytes.
    std::uint64_t file = 0;
    std::uint64_t offset = 0;

    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t valid = 0;  ///< as recorded; where nothing is, as computed
    std::uint64_t invalid = 0;
    std::uint64_t notJudged = 0;
    std::uint64_t bytes = 0;
    std::uint64_t errors = 0;    ///< findings of that severity
    std::uint64_t findings = 0;  ///< all of them, those that were not kept too
    std::uint64_t elapsedNanos = 0;
};

}  // namespace chancery::index
