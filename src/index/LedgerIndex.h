#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "src/index/BlockFeed.h"
#include "src/index/Checkpoint.h"
#include "src/index/View.h"
#include "src/verify/Report.h"

namespace chancery::index {

struct LedgerIndexOptions {
    std::filesystem::path folder;  ///< of all indexes; made with 0700 when missing
    std::vector<std::filesystem::path> paths;
    /// The state to start from. A snapshot that is the only path is that, too.
    std::optional<std::filesystem::path> snapshot;
    std::optional<std::filesystem::path> anchor;  ///< file with a config block that is trusted
    std::size_t threads = 0;                      ///< for verification; 0: all of the machine
};

enum class SyncPhase { NotStarted, Reading, Paused, Done, Failed };

struct IndexStatus {
    SyncPhase phase = SyncPhase::NotStarted;
    Checkpoint checkpoint;  ///< what is committed
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    std::vector<verify::Finding> findings;  ///< at most 1,000
    Status failure;
    std::uint64_t revision = 0;
};

/// The verified index of one ledger's files: a SQLite database that is filled by sync() and asked
/// through views meanwhile. sync() on one thread at a time; everything else from any thread.
class LedgerIndex {
public:
    /// A file that is damaged or of another version is thrown away. Errors of the folder; nothing
    /// is said about the ledger's files yet.
    static Result<std::unique_ptr<LedgerIndex>> open(LedgerIndexOptions options);
    ~LedgerIndex();

    /// Verifies and adds what is new, from where the last run ended; everything, when a file has
    /// become another one. Returns at the end, or soon after the stop was asked for. What the
    /// ledger lacks is told by findings; an error when nothing could be read or written.
    Status sync(std::stop_token stop);
    /// In place of sync(), for an index whose only path is a folder of our own: verifies and adds
    /// what the feed brings and keeps the blocks in that folder, until the feed ends or the stop is
    /// asked for. DATA_LOSS (BLOCK_REFUSED), see Sync::follow: neither the folder nor the index has
    /// the block then, and follow() may be called again. Files that do not verify are thrown away.
    Status follow(BlockFeed& feed, std::stop_token stop);
    /// Forgets everything. Waits for a sync() that runs.
    Status startAgain();

    IndexStatus status() const;
    /// Called on the thread of sync() after the revision grew, at most 20 times per second. Before
    /// the first sync() only.
    void onChanged(std::function<void()> changed);

    /// One unchanging view of what is there, with a connection of its own. `stop` interrupts its
    /// questions (CANCELLED, INTERRUPTED).
    Result<std::unique_ptr<View>> look(std::stop_token stop = {}) const;

private:
    struct Impl;
    explicit LedgerIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::index
