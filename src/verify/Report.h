#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Sentence.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/ValidationCode.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

/// How much a finding weighs. Only errors keep a block from being verified.
enum class Severity {
    Note,     ///< what could not be checked, and why
    Warning,  ///< nothing that the chain's rules protect is wrong, but something is odd
    Error,    ///< the block is not what it claims to be
};
std::string_view nameOf(Severity severity);

/// Bytes of a file: `end` is the first one behind.
struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Something that verification has to say about a chain.
struct Finding {
    Severity severity = Severity::Error;
    std::string reason;             ///< stable, UPPER_SNAKE_CASE
    std::string sentence;           ///< for a person or a log
    ErrorArguments arguments = {};  ///< of the sentence, as Sentence has them
    std::optional<BlockNumber> block;
    std::optional<std::size_t> transaction;  ///< position in the block
    TxId txId;
    std::string file;                ///< as the source named it
    std::optional<ByteRange> bytes;  ///< in the file, where known
    std::optional<Cause> cause;      ///< of a validation code that differs from the recorded one
};

/// What has been gone through.
struct Counters {
    std::uint64_t blocks = 0;
    std::uint64_t configBlocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t bytes = 0;
    std::uint64_t ordererSignatures = 0;  ///< checked, good or bad
    std::uint64_t creatorSignatures = 0;  ///< of transactions
    std::uint64_t endorsements = 0;
    std::map<protocol::ValidationCode, std::uint64_t> codes;
    std::map<protocol::HeaderType, std::uint64_t> types;  ///< readable headers only
    std::uint64_t codesTakenOver = 0;  ///< validation codes that could not be recomputed
    std::uint64_t findingsLeftOut = 0;

    std::uint64_t signatures() const {
        return ordererSignatures + creatorSignatures + endorsements;
    }
};

/// How far verification reached, which depends on what it could start from.
struct Scope {
    BlockNumber first = 0;  ///< first and last block that were read
    BlockNumber last = 0;
    bool startKnown = false;  ///< the hash of the block before the first one was known
    /// From which block on orderers' signatures, and those and the form of transactions, were
    /// checked; absent: never, for no configuration was known.
    std::optional<BlockNumber> signaturesFrom;
    /// From which block on validation codes were recomputed against the state; absent: never.
    std::optional<BlockNumber> codesFrom;
    std::optional<BlockNumber> codesTo;  ///< last such block, when the state was given up
    /// From which block on recorded commit hashes were compared with computed ones.
    std::optional<BlockNumber> commitHashesFrom;
    Sentence start;  ///< what was trusted without proof

    bool signaturesAt(BlockNumber block) const {
        return signaturesFrom && block >= *signaturesFrom;
    }
    bool codesAt(BlockNumber block) const {
        return codesFrom && block >= *codesFrom && (!codesTo || block <= *codesTo);
    }
    bool commitHashAt(BlockNumber block) const {
        return commitHashesFrom && block >= *commitHashesFrom;
    }
    /// Whether the block before or the block behind was there, so that links were checked.
    bool linkBefore(BlockNumber block) const { return block > first || startKnown; }
    bool linkBehind(BlockNumber block) const { return block < last; }
};

/// The outcome for one chain.
struct Report {
    ChannelId channel;
    std::optional<BlockNumber> firstBlock;
    std::optional<BlockNumber> lastBlock;   ///< last one that was read
    std::optional<BlockNumber> verifiedTo;  ///< last block before the first error
    bool stopped = false;                   ///< ended by the stop token
    Scope scope;
    Counters counters;
    std::vector<Finding> findings;  ///< in the order of the blocks
    Bytes lastBlockHash;
    Bytes lastCommitHash;
    std::optional<BlockNumber> configBlock;  ///< in force after the last block
    std::uint64_t configSequence = 0;

    std::size_t count(Severity severity) const;
    bool good() const { return count(Severity::Error) == 0; }
    /// "verified to block 277" or what is wrong first.
    std::string summary() const;
};

}  // namespace chancery::verify
