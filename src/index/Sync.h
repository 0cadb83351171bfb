#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "src/index/BlockFeed.h"
#include "src/index/BlockLog.h"
#include "src/index/FileList.h"
#include "src/index/IndexWriter.h"
#include "src/index/Source.h"
#include "src/verify/ChainVerifier.h"

namespace chancery::index {

/// One run from the checkpoint of an index to the end of its files: verification, with every block
/// written as it is judged, and behind the end of verification the rest unchecked. Used once.
class Sync {
public:
    struct Options {
        std::vector<ListedFile> files;  ///< none: a snapshot alone
        std::optional<std::filesystem::path> snapshot, anchor;
        std::size_t threads = 0;
        std::stop_token stop;
        std::function<void(std::uint64_t done, std::uint64_t total)> progress;
        /// After each commit, with what was found since the last one.
        std::function<void(const Checkpoint&, std::vector<verify::Finding>)> committed;
    };
    Sync(IndexWriter& writer, store::Connection& connection, Options options);

    /// An error when the start cannot be read, or nothing can be written.
    Status run();
    /// In place of run(): adds what the feed brings, each block first to the log. DATA_LOSS
    /// (BLOCK_REFUSED) with `block`, `why` and the finding's arguments at the first block that does
    /// not verify; what was not committed by then is to be thrown away with the writer.
    Status follow(BlockFeed& feed, BlockLog& log);

private:
    Result<verify::ChainState> start();
    Result<verify::ChainState> freshStart();
    Result<verify::ChainState> resumed();
    Status prepare();
    Status verify(verify::ChainState chain);
    Status indexUnchecked();

    Status addJudged(const verify::JudgedBlock& block);
    Status addFindings(std::span<const verify::Finding> findings);
    void passed(const protocol::SourcedBlock& sourced);
    Status commitIfDue(std::size_t transactions);
    Status commit();

    IndexWriter& m_writer;
    store::Connection& m_connection;
    Options m_options;
    std::unordered_map<std::string, std::size_t> m_filePositions;
    std::vector<verify::Finding> m_findings;  // since the last commit
    std::optional<BlockNumber> m_savedConfig;
    BlockLog* m_log = nullptr;  // follow()
    std::size_t m_uncommitted = 0;
    std::chrono::steady_clock::time_point m_begun, m_committed;
};

}  // namespace chancery::index
