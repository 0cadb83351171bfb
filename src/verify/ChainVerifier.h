#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "src/base/TaskPool.h"
#include "src/protocol/BlockFile.h"
#include "src/verify/ChainState.h"
#include "src/verify/Report.h"
#include "src/verify/Validator.h"

namespace chancery::verify {

struct Progress {
    std::optional<BlockNumber> block;  ///< last one that is done
    std::uint64_t blocks = 0;
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
};

/// A block that verification has passed, for those who build something of the chain meanwhile.
struct PassedBlock {
    const protocol::SourcedBlock& sourced;
    const std::vector<PreparedTransaction>& transactions;  ///< decoded, in order
    const BlockVerdict& verdict;  ///< the updates include private data that end here
    BytesView hash;               ///< of the header
    BytesView commitHash;         ///< recomputed; empty when unknown or none
    bool good;                    ///< no error was found in this block
};

/// A block that verification is done with, whatever came of it.
struct JudgedBlock {
    const protocol::SourcedBlock& sourced;
    /// Decoded, in order; empty when no configuration is known, and for a chain's first block.
    const std::vector<PreparedTransaction>& transactions;
    const BlockVerdict* verdict;        ///< null when it could not be judged
    const ChainState& chain;            ///< after this block
    bool good;                          ///< no error was found in this block
    std::span<const Finding> findings;  ///< about this block
};

struct ChainOptions {
    /// Signatures are checked on its threads and the calling one. Null: on the calling one alone.
    TaskPool* pool = nullptr;
    std::stop_token stop;
    /// Called on the calling thread, a few times per second at most.
    std::function<void(const Progress&)> progress;
    /// Called for each block in order, one at a time, on changing threads; must not throw. Not
    /// called for blocks that cannot be judged (no configuration known).
    std::function<void(const PassedBlock&)> passed;
    /// Called for every block that goes on the chain, in order, one at a time, on changing threads;
    /// must not throw. What it does is part of what the next block waits for.
    std::function<void(const JudgedBlock&)> judged;
    std::size_t maxFindings = 1000;  ///< further ones are only counted
    std::size_t maxErrors = 100;     ///< verification ends with the block that reaches it
    /// Estimated memory for the state. A chain that needs more is verified without validation codes
    /// from there on, and the report says so.
    std::size_t maxStateBytes = 4ULL << 30;
};

/// Verifies a chain of blocks offline: links, data hashes, the way blocks are written, orderers'
/// signatures against the configuration in force at each height, creators' and endorsers'
/// signatures, policies, validation codes, commit hashes. Any bytes give a report. Works in
/// windows: while the signatures of one are checked on all threads, the verdicts of the one before
/// are reached in order on one of them.
class ChainVerifier {
public:
    explicit ChainVerifier(ChainState start = {}, ChainOptions options = {});
    ~ChainVerifier();

    /// Reads the source to its end. May be called again with a source that goes on where the last
    /// one ended; the report then covers all of it. Blocks.
    const Report& verify(protocol::BlockSource& source);

    /// After the last block that was passed. Not while verify() runs.
    const ChainState& state() const;
    const Report& report() const;

private:
    class Pipeline;
    std::unique_ptr<Pipeline> m_pipeline;
};

}  // namespace chancery::verify
