#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "node/ledger/Listeners.h"
#include "src/verify/Contracts.h"
#include "src/verify/Expiry.h"
#include "src/verify/MemoryState.h"

namespace chancery::node::test {

/// A ledger in memory that can be told to fail. What it holds lives in a `Store`, so that closing
/// and opening it again is a restart. Thread-safe as ChannelLedger asks.
class FakeLedger final : public ChannelLedger, private BlockStore {
public:
    /// What is "on the disk".
    struct Store {
        std::mutex mutex;
        std::vector<Bytes> blocks;   ///< common.Block messages
        BlockNumber inDatabase = 0;  ///< blocks whose updates were applied
        verify::MemoryState state;
        verify::Expiry expiry;  ///< the ledger ends private data by itself
        std::map<std::string, TransactionPlace> transactions;
        std::map<std::string, std::vector<Bytes>> transient;
        std::vector<std::pair<BlockNumber, PrivateWrites>> privateWrites;
        std::vector<MissingPrivateData> missing;
        std::vector<std::tuple<std::string, BlockNumber, Bytes>> collections;
        std::vector<std::filesystem::path> snapshots;
        std::optional<protocol::SnapshotInfo> bootstrap;
    };
    struct Faults {
        std::atomic<int> full = 0;         ///< commits that find the disk full
        std::atomic<bool> broken = false;  ///< every commit fails for good
        std::atomic<int> commits = 0;      ///< that were tried
        /// Called before each commit, on the committing thread.
        std::function<void(BlockNumber)> before;
    };

    static std::unique_ptr<FakeLedger> open(std::shared_ptr<Store> store,
                                            std::shared_ptr<Faults> faults = nullptr) {
        return std::unique_ptr<FakeLedger>(new FakeLedger(std::move(store), std::move(faults)));
    }
    /// As ChannelLedger::open: what the database lacks is replayed.
    static Result<std::unique_ptr<ChannelLedger>> openWithReplay(
        std::shared_ptr<Store> store, const Replay& replay, std::shared_ptr<Faults> faults = {});

    BlockStore& blocks() override { return *this; }
    Bytes lastCommitHash() const override;
    const std::optional<protocol::SnapshotInfo>& bootstrap() const override {
        return m_store->bootstrap;
    }
    Status commit(const Commit& commit) override;
    Result<std::unique_ptr<StateView>> view() override;
    const StateView& writerView() override { return *m_writerView; }
    Result<std::optional<TransactionPlace>> findTransaction(const TxId& txId) override;
    Result<std::optional<BlockNumber>> findBlock(BytesView headerHash) override;
    Result<std::vector<PrivateWrites>> privateWrites(BlockNumber block) override;
    Result<std::vector<MissingPrivateData>> missing(std::size_t limit) override;
    Status recordMissing(const std::vector<MissingPrivateData>& missing) override;
    Status reconcile(BlockNumber block, std::vector<PrivateWrites> writes) override;
    Status holdTransient(const TxId& txId, BlockNumber heldAt, BytesView bytes) override;
    Result<std::vector<Bytes>> transient(const TxId& txId) override;
    Status dropTransient(const std::vector<TxId>& committed, BlockNumber olderThan) override;
    Status createIndexes(const std::vector<RichIndex>&) override { return {}; }
    Result<std::optional<Bytes>> collectionsAt(std::string_view contract,
                                               BlockNumber block) override;
    Status recordCollections(std::string_view contract, BlockNumber block,
                             BytesView collectionConfigPackage) override;
    Result<protocol::SnapshotInfo> exportSnapshot(const std::filesystem::path& folder) override;

private:
    FakeLedger(std::shared_ptr<Store> store, std::shared_ptr<Faults> faults);

    BlockNumber height() const override;
    BlockNumber firstBlock() const override;
    Bytes lastHash() const override;
    const std::optional<TailRepair>& repair() const override { return m_repair; }
    Status append(const protocol::Block& block) override;
    Result<protocol::Block> read(BlockNumber number) const override;
    [[nodiscard]] Subscription onAppend(std::function<void(BlockNumber)> listener) override {
        return m_listeners.add(std::move(listener));
    }
    void apply(const Commit& commit);

    std::shared_ptr<Store> m_store;
    std::shared_ptr<Faults> m_faults;
    std::unique_ptr<StateView> m_writerView;
    std::optional<TailRepair> m_repair;
    Listeners<BlockNumber> m_listeners;
};

/// The blocks of tests/data/vectors.
protocol::Block vectorBlock(const std::string& relative);
protocol::Block vectorBlock(BlockNumber number);

}  // namespace chancery::node::test
