#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::node {

class JoinedChannel;

/// Snapshots of one channel that are asked for: taken after their block, while the next one waits,
/// into `<root>/completed/<channel>/<block>` (fact sheet B §11.1). Kept over restarts. Thread-safe.
class SnapshotRequests {
public:
    /// `file` keeps what is pending. `channel` outlives this object's use by its pipeline.
    SnapshotRequests(JoinedChannel& channel, std::filesystem::path root,
                     std::filesystem::path file);

    /// What was pending in an earlier run. DATA_LOSS (BAD_FILE).
    Status load();
    /// After block `block`; 0 or the newest block: at once. FAILED_PRECONDITION in Fabric's words:
    /// BLOCK_IS_PAST, SNAPSHOT_EXISTS, DUPLICATE_REQUEST; errors of the file.
    Status submit(BlockNumber block);
    /// NOT_FOUND (NO_SUCH_REQUEST), FAILED_PRECONDITION (SNAPSHOT_RUNNING).
    Status cancel(BlockNumber block);
    /// Ascending.
    std::vector<BlockNumber> pending() const;

    /// On the committing thread: a block was committed.
    void committed(BlockNumber block);

    std::filesystem::path folderOf(BlockNumber block) const;

private:
    void take(BlockNumber block);
    Status save(const std::set<BlockNumber>& pending) const;

    JoinedChannel& m_channel;
    const std::filesystem::path m_root;
    const std::filesystem::path m_file;
    mutable std::mutex m_mutex;
    std::set<BlockNumber> m_pending;
    std::optional<BlockNumber> m_running;
};

}  // namespace chancery::node
