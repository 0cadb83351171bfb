#pragma once

#include <mutex>
#include <optional>

#include "node/ledger/ChannelLedger.h"
#include "node/ledger/LedgerWriter.h"
#include "node/ledger/TransientStore.h"
#include "node/ledger/ViewPool.h"
#include "node/state/Namespaces.h"

namespace chancery::node {

/// ChannelLedger over block files and SQLite.
class SqlChannelLedger final : public ChannelLedger {
public:
    SqlChannelLedger(std::filesystem::path folder, ChannelId channel, Options options);
    ~SqlChannelLedger() override;

    /// Opens the database and the blocks; they may be at different heights then.
    Status openFiles();
    Status catchUp(const Replay& replay);
    /// Fills a database that is new.
    Status importSnapshot(const protocol::Snapshot& snapshot);

    BlockStore& blocks() override { return *m_blocks; }
    Bytes lastCommitHash() const override;
    const std::optional<protocol::SnapshotInfo>& bootstrap() const override { return m_bootstrap; }
    Status commit(const Commit& commit) override;
    Result<std::unique_ptr<StateView>> view() override;
    void whenViewable(std::function<void()> go) override;
    const StateView& writerView() override;
    Result<std::optional<TransactionPlace>> findTransaction(const TxId& txId) override;
    Result<std::optional<BlockNumber>> findBlock(BytesView headerHash) override;
    Result<std::vector<PrivateWrites>> privateWrites(BlockNumber block) override;
    Result<std::vector<MissingPrivateData>> missing(std::size_t limit) override;
    Status recordMissing(const std::vector<MissingPrivateData>& missing) override;
    Status reconcile(BlockNumber block, std::vector<PrivateWrites> writes) override;
    Status holdTransient(const TxId& txId, BlockNumber heldAt,
                         BytesView txPvtReadWriteSet) override;
    Result<std::vector<Bytes>> transient(const TxId& txId) override;
    Status dropTransient(const std::vector<TxId>& committed, BlockNumber olderThan) override;
    Status createIndexes(const std::vector<RichIndex>& indexes) override;
    Result<std::optional<Bytes>> collectionsAt(std::string_view contract,
                                               BlockNumber block) override;
    Status recordCollections(std::string_view contract, BlockNumber block,
                             BytesView collectionConfigPackage) override;
    Result<protocol::SnapshotInfo> exportSnapshot(const std::filesystem::path& folder) override;

private:
    class WriterView;

    Status openDatabase();
    Status loadBootstrap();
    Status openBlocks();
    Status checkTogether();
    Status fillFromTransient(Commit& commit);
    Status fillFromTransient(Commit& commit, std::size_t index);
    Status appendBlock(const protocol::Block& block);
    void restartLogIfLong();
    /// Whatever writes to the database: views from before do not outlast it.
    template <class Change>
    Status write(Change&& change) {
        renewViews();
        const Status status = change();
        renewViews();
        return status;
    }
    void renewViews() {
        m_views.renew();
        m_lookups.renew();
    }
    Status reached(std::string_view step) const {
        return m_options.reached ? m_options.reached(step) : absl::OkStatus();
    }

    const std::filesystem::path m_folder;
    const ChannelId m_channel;
    const Options m_options;
    std::optional<protocol::SnapshotInfo> m_bootstrap;
    std::unique_ptr<BlockStore> m_blocks;
    TransientStore m_transient;
    Namespaces m_namespaces;
    ViewPool m_views;    // of callers who keep them for a while
    ViewPool m_lookups;  // for single questions

    mutable std::mutex m_mutex;  // for all below
    std::optional<store::Connection> m_connection;
    std::unique_ptr<LedgerWriter> m_writer;
    std::unique_ptr<WriterView> m_writerView;
    Bytes m_commitHash;
    Status m_broken;
    std::size_t m_blocksInLog = 0;
};

}  // namespace chancery::node
