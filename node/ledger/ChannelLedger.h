#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/ledger/BlockStore.h"
#include "node/state/StateView.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Block.h"
#include "src/protocol/Snapshot.h"
#include "src/protocol/ValidationCode.h"
#include "src/protocol/Version.h"
#include "src/verify/PendingUpdates.h"

namespace chancery::node {

/// Clear private writes of one collection of one transaction: CollectionPvtReadWriteSet.rwset
/// exactly as it was endorsed, for its hash stands in the block.
struct PrivateWrites {
    std::size_t transaction = 0;  ///< index in the block
    std::string ns;
    std::string collection;
    Bytes writes;               ///< KVRWSet
    BlockNumber expiresAt = 0;  ///< gone once this block is committed; 0 never
};

/// Private data that this peer should have and has not (yet).
struct MissingPrivateData {
    BlockNumber block = 0;
    std::size_t transaction = 0;
    std::string ns;
    std::string collection;
};

/// What an organisation's indexes ask of rich queries: one file of
/// META-INF/statedb/couchdb/indexes.
struct RichIndex {
    std::string ns;  ///< or privateNamespace()
    Bytes definition;
};

/// A validated block on its way into the ledger.
struct Commit {
    protocol::Block block;  ///< with validation codes and commit hash in its metadata
    const verify::PendingUpdates* updates = nullptr;
    /// Parallel to the block's transactions: under which id the ledger files each; empty ones too.
    std::vector<TxId> txIds;
    std::vector<PrivateWrites> privateWrites;
    std::vector<MissingPrivateData> missing;
    /// Parallel to the block's transactions, null for those without one; only those of valid
    /// transactions are looked at. When empty they are decoded from the block, which costs more
    /// than the rest of a commit.
    std::vector<const protocol::ReadWriteSet*> readWriteSets;
};

/// Where a transaction stands.
struct TransactionPlace {
    protocol::Version place;
    protocol::ValidationCode code = protocol::ValidationCode::NotValidated;
};

/// The ledger of one channel on a peer: blocks, index of ids, state, history and private data, all
/// under one folder. Blocks are the truth, synced with every append; the rest is one SQLite
/// database that follows in one transaction per block and catches up when it is opened. It is
/// synced only with blocks that bring private data, which stand nowhere else: what a power failure
/// takes from it comes back from the blocks. Commits come from one thread; everything else is for
/// any.
///
/// The ledger ends private data by itself: hashes after the block-to-live of their collections as
/// the state defines them, clear values and writes as PrivateWrites say. `updates` need not have
/// these deletions.
class ChannelLedger {
public:
    struct Options {
        bool history = true;
        std::uint64_t maxFileBytes = 64U << 20;
        /// Views that may be open at the same time.
        std::size_t maxViews = 512;
        /// For tests: what writes blocks, and who is asked between the steps of a commit; an error
        /// from there is as if the process had ended.
        Disk* disk = nullptr;
        std::function<Status(std::string_view step)> reached = {};
    };
    /// What turns blocks that are in the files but not in the database into commits again: given by
    /// the room that knows about validation. Codes of the blocks stand in their metadata.
    using Replay = std::function<Result<Commit>(const protocol::Block&, const StateView& before)>;

    /// Opens or makes it. `replay` need not give private writes: the ledger looks for them in the
    /// transient store. Errors of BlockStore and store::Connection, and replay's own; DATA_LOSS
    /// (LEDGER_DAMAGED) when blocks are missing that the database has seen, with `file` and
    /// `offset` of what was cut off; FAILED_PRECONDITION (LEDGER_LAYOUT) when another version of
    /// the program laid the folder out, with `folder` and `cause`, and what can be done.
    static Result<std::unique_ptr<ChannelLedger>> open(const std::filesystem::path& folder,
                                                       const ChannelId& channel,
                                                       const Options& options,
                                                       const Replay& replay);
    /// A new ledger that begins after the last block of a snapshot, all or nothing; later it is
    /// opened as any other. ALREADY_EXISTS (LEDGER_EXISTS); errors of the snapshot.
    static Result<std::unique_ptr<ChannelLedger>> createFromSnapshot(
        const std::filesystem::path& folder, const protocol::Snapshot& snapshot,
        const Options& options);
    virtual ~ChannelLedger() = default;

    virtual BlockStore& blocks() = 0;
    BlockNumber height() { return blocks().height(); }
    /// Commit hash of the newest block; empty when it has none.
    virtual Bytes lastCommitHash() const = 0;
    /// After createFromSnapshot: its description.
    virtual const std::optional<protocol::SnapshotInfo>& bootstrap() const = 0;

    /// Appends the block, then brings the database after it; durable when it returns. Expired
    /// private data goes with it. Errors as BlockStore::append, INVALID_ARGUMENT (BAD_COMMIT).
    /// After DISK_FULL the same commit may be tried again, whether the block was written already or
    /// not; another error of the database ends the ledger until it is opened again.
    virtual Status commit(const Commit& commit) = 0;

    /// The state after the newest block in the database. Must not outlive the ledger.
    /// RESOURCE_EXHAUSTED (TOO_MANY_VIEWS) when too many are open. Waits, for tenths of a second,
    /// while the write-ahead log begins anew.
    virtual Result<std::unique_ptr<StateView>> view() = 0;
    /// Calls `go` when view() will not wait: at once, or on the committing thread.
    virtual void whenViewable(std::function<void()> go) { go(); }
    /// The same for the committing thread only: cheaper, and always after the last commit.
    virtual const StateView& writerView() = 0;

    /// First occurrence of an id. Nothing when it is unknown. NOT_FOUND (BEFORE_SNAPSHOT) when all
    /// that is known of it is that it was in use before the snapshot with which the ledger began.
    virtual Result<std::optional<TransactionPlace>> findTransaction(const TxId& txId) = 0;
    virtual Result<std::optional<BlockNumber>> findBlock(BytesView headerHash) = 0;

    /// Private writes of a block that are still there.
    virtual Result<std::vector<PrivateWrites>> privateWrites(BlockNumber block) = 0;
    virtual Result<std::vector<MissingPrivateData>> missing(std::size_t limit) = 0;
    /// Notes private data that are the organisation's and not here, as those of blocks before a
    /// snapshot are. What is noted already stays.
    virtual Status recordMissing(const std::vector<MissingPrivateData>& missing) = 0;
    /// Private writes that arrived late; those whose hash is not the state's any more are kept for
    /// delivery but change no state.
    virtual Status reconcile(BlockNumber block, std::vector<PrivateWrites> writes) = 0;

    /// Endorsed here and not yet committed: the transient store. `heldAt` is the height then.
    virtual Status holdTransient(const TxId& txId, BlockNumber heldAt,
                                 BytesView txPvtReadWriteSet) = 0;
    virtual Result<std::vector<Bytes>> transient(const TxId& txId) = 0;
    virtual Status dropTransient(const std::vector<TxId>& committed, BlockNumber olderThan) = 0;

    /// Makes indexes that are new or defined otherwise now, over what the state holds; commits keep
    /// them. All or none: INVALID_ARGUMENT (BAD_INDEX) with `path`.
    virtual Status createIndexes(const std::vector<RichIndex>& indexes) = 0;

    /// Collection configurations of a contract in force at a block (CollectionConfigPackage).
    virtual Result<std::optional<Bytes>> collectionsAt(std::string_view contract,
                                                       BlockNumber block) = 0;
    /// To be called when a definition with other collections is committed.
    virtual Status recordCollections(std::string_view contract, BlockNumber block,
                                     BytesView collectionConfigPackage) = 0;

    /// Writes a snapshot of the state after the newest block into a new folder, in Fabric's form
    /// (fact sheet B §11.1): two ledgers of the same height give the same bytes. Commits go on
    /// meanwhile. ALREADY_EXISTS (FOLDER_EXISTS); errors of the disk, after which the folder is to
    /// be removed.
    virtual Result<protocol::SnapshotInfo> exportSnapshot(const std::filesystem::path& folder) = 0;
};

}  // namespace chancery::node
