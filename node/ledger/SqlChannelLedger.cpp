#include "node/ledger/SqlChannelLedger.h"

#include <array>

#include "node/ledger/Disk.h"
#include "node/ledger/LedgerView.h"
#include "src/crypto/Digest.h"
#include "src/protocol/LedgerFile.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/store/Migration.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;
using protocol::ValidationCode;
using protocol::Version;
using store::Blob;
using store::Row;

constexpr std::uint64_t kCheckUpTo = std::uint64_t{256} << 20;  // about a quarter of a second
constexpr int kWriterCacheKiB = 8192;
constexpr int kCheckpointPages = 10'000;
// When the log is twice as long as it should be, readers have kept it from beginning anew.
constexpr std::uint64_t kLongLog = 2ULL * kCheckpointPages * 4096;
constexpr std::chrono::milliseconds kLogPatience{100};
constexpr std::size_t kMostLookups = 256;  // each ends on the thread that began it

std::string schemaText() {
    return fmt::format(
        "CREATE TABLE ledger (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
        "CREATE TABLE collections (contract BLOB NOT NULL, block INTEGER NOT NULL, "
        "  package BLOB NOT NULL, PRIMARY KEY (contract, block)) WITHOUT ROWID;{}{}{}{}{}{}",
        Namespaces::kSchema, StateTable::kSchema, TransactionTable::kSchema, HistoryTable::kSchema,
        PrivateTables::kSchema, RichIndexes::kSchema);
}

// What an administrator can do about a folder that another version of the program laid out.
// Nothing in it has been changed.
Status explainLayout(const Status& status, const fs::path& folder) {
    const std::string reason = reasonOf(status);
    const std::string again =
        "move the folder away and join the channel again (blocks come back from the orderers or a "
        "snapshot, private data of collections do not)";
    std::string advice;
    if (reason == "NEWER_SCHEMA" || reason == "NEWER_FORMAT")
        advice = "Start the peer with that version or a later one, or " + again;
    else if (reason == "OTHER_SCHEMA" || reason == "OLDER_SCHEMA")
        advice = "Start the peer with the version that wrote it, or " + again;
    else if (reason == "FOREIGN_DATABASE")
        advice = "Put the channel's own file back, or " + again;
    else
        return status;
    return makeError(
        StatusCode::kFailedPrecondition, "LEDGER_LAYOUT",
        fmt::format("the ledger in {} cannot be used as it is: {}. {}; nothing in it was changed",
                    folder.string(), messageOf(status), advice),
        {{"folder", folder.string()}, {"cause", reason}});
}

Status ledgerDamaged(const fs::path& file, std::uint64_t offset, std::string_view why) {
    return makeError(StatusCode::kDataLoss, "LEDGER_DAMAGED",
                     fmt::format("{} at byte {}: {}", file.string(), offset, why),
                     {{"file", file.string()}, {"offset", std::to_string(offset)}});
}

}  // namespace

/// The committing thread's view. Others may use the connection meanwhile, so every call locks.
class SqlChannelLedger::WriterView final : public StateView {
public:
    explicit WriterView(SqlChannelLedger& ledger) : m_ledger(ledger) {}

    BlockNumber height() const override {
        const std::lock_guard lock(m_ledger.m_mutex);
        return writer().height();
    }
    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override {
        return locked([&](auto& state) { return state.get(ns, key); });
    }
    Result<std::optional<Version>> version(std::string_view ns,
                                           std::string_view key) const override {
        return locked([&](auto& state) { return state.version(ns, key); });
    }
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override {
        return locked([&](auto& state) { return state.metadata(ns, key); });
    }
    Result<bool> hasTransaction(std::string_view txId) const override {
        return locked([&](auto& state) { return state.hasTransaction(txId); });
    }
    TxId transactionAt(const Version& place) const override {
        return filedTxIdAt(m_ledger.blocks(), place);
    }
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override {
        ASSIGN_OR_RETURN(auto cursor,
                         locked([&](auto& state) { return state.range(ns, start, end); }));
        return std::unique_ptr<verify::StateCursor>(
            std::make_unique<Locked<verify::StateCursor, verify::StateItem>>(*this,
                                                                             std::move(cursor)));
    }
    Result<std::unique_ptr<StateScan>> scan(std::string_view ns, std::string_view start,
                                            std::string_view end) const override {
        ASSIGN_OR_RETURN(auto rows,
                         locked([&](auto&) { return writer().table().scan(ns, start, end); }));
        return std::unique_ptr<StateScan>(
            std::make_unique<Locked<StateScan, StateRow>>(*this, std::move(rows)));
    }
    Result<RichQueryPage> query(std::string_view ns, std::string_view mango, std::uint32_t pageSize,
                                std::string_view bookmark) const override {
        ASSIGN_OR_RETURN(const auto view, m_ledger.view());
        return view->query(ns, mango, pageSize, bookmark);
    }
    Result<std::unique_ptr<HistoryScan>> history(std::string_view ns,
                                                 std::string_view key) const override {
        ASSIGN_OR_RETURN(const std::int64_t newest,
                         locked([&](auto&) { return writer().table().historyOf(ns, key); }));
        return std::unique_ptr<HistoryScan>(std::make_unique<Locked<HistoryScan, KeyChange>>(
            *this, scanHistory(writer().connection(), m_ledger.blocks(), ns, key, newest)));
    }

private:
    template <class Scan, class Item>
    class Locked final : public Scan {
    public:
        Locked(const WriterView& view, std::unique_ptr<Scan> scan)
            : m_view(view), m_scan(std::move(scan)) {}
        Result<std::optional<Item>> next() override {
            return m_view.locked([&](auto&) { return m_scan->next(); });
        }

    private:
        const WriterView& m_view;
        std::unique_ptr<Scan> m_scan;
    };

    LedgerWriter& writer() const { return *m_ledger.m_writer; }
    template <class Body>
    auto locked(const Body& body) const -> std::invoke_result_t<Body, const WriterState&> {
        const std::lock_guard lock(m_ledger.m_mutex);
        if (Status status = writer().beginReading(); !status.ok()) return status;
        return body(writer().state());
    }

    SqlChannelLedger& m_ledger;
};

SqlChannelLedger::SqlChannelLedger(fs::path folder, ChannelId channel, Options options)
    : m_folder(std::move(folder)),
      m_channel(std::move(channel)),
      m_options(std::move(options)),
      m_transient(m_folder / "transient.db"),
      m_views(m_folder / "state.db", m_options.maxViews),
      m_lookups(m_folder / "state.db", kMostLookups) {}

SqlChannelLedger::~SqlChannelLedger() {
    m_writerView.reset();
    m_writer.reset();
}

Status SqlChannelLedger::openDatabase() {
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error) return diskError(error.value(), "make", m_folder);
    const fs::path file = m_folder / "state.db";
    const std::uint64_t size = fs::file_size(file, error);
    ASSIGN_OR_RETURN(auto connection,
                     store::Connection::open(file, {.quickCheck = !error && size <= kCheckUpTo,
                                                    .syncCommits = false,
                                                    .cacheKiB = kWriterCacheKiB,
                                                    .checkpointPages = kCheckpointPages}));
    static const std::string text = schemaText();
    static const std::array<std::string_view, 1> steps{text};
    RETURN_IF_ERROR(store::migrate(connection, {0x4348534C, steps}));
    m_connection = std::move(connection);
    m_writer = std::make_unique<LedgerWriter>(
        *m_connection, m_namespaces, LedgerWriter::Options{m_options.history, m_options.reached});
    m_writerView = std::make_unique<WriterView>(*this);
    RETURN_IF_ERROR(m_writer->load());
    return loadBootstrap();
}

Status SqlChannelLedger::openBlocks() {
    BlockStoreOptions options{.maxFileBytes = m_options.maxFileBytes, .disk = m_options.disk};
    if (m_bootstrap) {
        options.firstBlock = m_bootstrap->lastBlock + 1;
        options.previousHash = m_bootstrap->lastBlockHash;
    }
    ASSIGN_OR_RETURN(m_blocks, BlockStore::open(m_folder, options));
    return absl::OkStatus();
}

Status SqlChannelLedger::openFiles() {
    // The lock comes with the blocks; SQLite keeps two processes apart until then.
    RETURN_IF_ERROR(explainLayout(openDatabase(), m_folder));
    RETURN_IF_ERROR(explainLayout(m_transient.check(), m_folder));
    RETURN_IF_ERROR(explainLayout(openBlocks(), m_folder));
    return checkTogether();
}

// What the database has seen must be in the blocks.
Status SqlChannelLedger::checkTogether() {
    const BlockNumber height = m_writer->height();
    const std::string newest = protocol::ledgerFileName(m_blocks->firstBlock());
    if (height > m_blocks->height()) {
        const auto& repair = m_blocks->repair();
        return ledgerDamaged(
            repair ? fs::path(repair->file) : m_folder / newest, repair ? repair->offset : 0,
            fmt::format("blocks {} to {}, which were committed here, are not there any more. "
                        "Restore the block files, or remove state.db, state.db-wal and "
                        "state.db-shm: then the peer goes on from the blocks that are there and "
                        "fetches the rest again",
                        m_blocks->height(), height - 1));
    }
    if (height < m_blocks->firstBlock())
        return ledgerDamaged(
            m_folder / "state.db", 0,
            fmt::format("it knows the chain up to its height {}, and the block files begin "
                        "with block {}. Restore the older block files, or move "
                        "the folder away and join the channel again",
                        height, m_blocks->firstBlock()));
    if (height == m_blocks->firstBlock()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const protocol::Block last, m_blocks->read(height - 1));
    if (last.header().hash() != m_writer->lastHash())
        return ledgerDamaged(
            m_folder / "state.db", 0,
            fmt::format("it was made from another block {} than the one in the block "
                        "files. Put back what belongs together, or remove "
                        "state.db, state.db-wal and state.db-shm: then it is made "
                        "again from the blocks",
                        height - 1));
    return absl::OkStatus();
}

Status SqlChannelLedger::catchUp(const Replay& replay) {
    for (BlockNumber number = m_writer->height(); number < m_blocks->height(); ++number) {
        ASSIGN_OR_RETURN(const protocol::Block block, m_blocks->read(number));
        if (!replay)
            return makeError(StatusCode::kFailedPrecondition, "REPLAY_NEEDED",
                             fmt::format("block {} is not in the database yet", number));
        ASSIGN_OR_RETURN(Commit commit, replay(block, *m_writerView));
        RETURN_IF_ERROR(fillFromTransient(commit));
        const std::lock_guard lock(m_mutex);
        RETURN_IF_ERROR(write([&] { return m_writer->apply(commit); }));
    }
    if (m_blocks->height() > m_blocks->firstBlock()) {
        ASSIGN_OR_RETURN(const protocol::Block last, m_blocks->read(m_blocks->height() - 1));
        ASSIGN_OR_RETURN(const BytesView hash, last.commitHash());
        m_commitHash = Bytes(hash);
    } else if (m_bootstrap) {
        m_commitHash = m_bootstrap->lastCommitHash;
    }
    return absl::OkStatus();
}

// Private writes that were at hand before the process ended are still held.
Status SqlChannelLedger::fillFromTransient(Commit& commit) {
    const auto codes = commit.block.validationCodes();
    for (std::size_t i = 0; i < codes.size() && i < commit.txIds.size(); ++i)
        if (codes[i] == ValidationCode::Valid && !commit.txIds[i].empty())
            RETURN_IF_ERROR(fillFromTransient(commit, i));
    return absl::OkStatus();
}

Status SqlChannelLedger::fillFromTransient(Commit& commit, std::size_t index) {
    ASSIGN_OR_RETURN(const auto held, m_transient.of(commit.txIds[index]));
    if (held.empty()) return absl::OkStatus();
    const auto transaction = commit.block.transaction(index);
    if (transaction.actions.empty() || !transaction.actions[0].readWriteSet)
        return absl::OkStatus();
    for (const Bytes& bytes : held) {
        const auto sets = protocol::decodePrivateReadWriteSet(bytes);
        if (!sets.ok()) continue;
        for (const auto& clear : *sets)
            for (const auto& ns : transaction.actions[0].readWriteSet->namespaces)
                for (const auto& trace : ns.collections) {
                    if (ns.name != clear.namespaceName || trace.collection != clear.collection ||
                        crypto::sha256(clear.bytes) != trace.privateHash)
                        continue;
                    const auto isThis = [&](const auto& other) {
                        return other.transaction == index && other.ns == ns.name &&
                               other.collection == trace.collection;
                    };
                    if (std::any_of(commit.privateWrites.begin(), commit.privateWrites.end(),
                                    isThis))
                        continue;
                    const std::lock_guard lock(m_mutex);
                    ASSIGN_OR_RETURN(
                        const BlockNumber end,
                        m_writer->endOf(ns.name, trace.collection, commit.block.number()));
                    commit.privateWrites.push_back({index, std::string(ns.name),
                                                    std::string(trace.collection),
                                                    Bytes(clear.bytes), end});
                    std::erase_if(commit.missing, isThis);
                }
    }
    return absl::OkStatus();
}

Bytes SqlChannelLedger::lastCommitHash() const {
    const std::lock_guard lock(m_mutex);
    return m_commitHash;
}

Status SqlChannelLedger::appendBlock(const protocol::Block& block) {
    // After a full disk the block may be in the files and not in the database.
    if (block.number() + 1 == m_blocks->height() && block.number() == m_writer->height()) {
        if (block.header().hash() == m_blocks->lastHash()) return absl::OkStatus();
    }
    return m_blocks->append(block);
}

Status SqlChannelLedger::commit(const Commit& commit) {
    ASSIGN_OR_RETURN(const BytesView hash, commit.block.commitHash());
    {
        const std::lock_guard lock(m_mutex);
        RETURN_IF_ERROR(m_broken);
        RETURN_IF_ERROR(m_writer->check(commit));
    }
    // Nobody waits for the disk, and who is told of the block may ask the ledger.
    RETURN_IF_ERROR(appendBlock(commit.block));
    Status done = reached("block-appended");
    const std::lock_guard lock(m_mutex);
    if (done.ok()) done = write([&] { return m_writer->apply(commit); });
    if (!done.ok()) {
        if (reasonOf(done) != "DISK_FULL") m_broken = done;
        return done;
    }
    m_commitHash = Bytes(hash);
    restartLogIfLong();
    return absl::OkStatus();
}

// Readers that overlap keep the log from ever beginning anew, so they are asked to wait a moment.
void SqlChannelLedger::restartLogIfLong() {
    if (++m_blocksInLog < 16) return;
    m_blocksInLog = 0;
    std::error_code error;
    if (fs::file_size(m_folder / "state.db-wal", error) < kLongLog || error) return;
    // Whoever holds a view may need a lookup before giving it back, never the other way round.
    if (m_views.pause(kLogPatience)) {
        if (m_lookups.pause(kLogPatience)) m_connection->checkpoint().IgnoreError();
        m_lookups.resume();
    }
    m_views.resume();
}

void SqlChannelLedger::whenViewable(std::function<void()> go) {
    m_views.whenOpen(std::move(go));
}

Result<std::unique_ptr<StateView>> SqlChannelLedger::view() {
    return LedgerView::open(m_views, m_namespaces, m_writer->indexes(), *m_blocks);
}

const StateView& SqlChannelLedger::writerView() {
    return *m_writerView;
}

Result<std::optional<TransactionPlace>> SqlChannelLedger::findTransaction(const TxId& txId) {
    ASSIGN_OR_RETURN(const auto lease, m_lookups.take());
    ASSIGN_OR_RETURN(const auto found, TransactionTable(lease.connection()).find(txId.str()));
    if (!found) return std::optional<TransactionPlace>();
    if (!found->place)
        return makeError(StatusCode::kNotFound, "BEFORE_SNAPSHOT",
                         fmt::format("transaction {} is older than the snapshot with which this "
                                     "ledger began",
                                     txId.str()),
                         {{"tx", txId.str()}});
    return std::optional(TransactionPlace{*found->place, found->code});
}

Result<std::optional<BlockNumber>> SqlChannelLedger::findBlock(BytesView headerHash) {
    std::optional<BlockNumber> found;
    {
        ASSIGN_OR_RETURN(const auto lease, m_lookups.take());
        ASSIGN_OR_RETURN(found, TransactionTable(lease.connection()).findBlock(headerHash));
    }
    if (!found || *found < m_blocks->firstBlock()) return std::optional<BlockNumber>();
    ASSIGN_OR_RETURN(const protocol::Block block, m_blocks->read(*found));
    return block.header().hash() == headerHash ? found : std::nullopt;
}

Result<std::vector<PrivateWrites>> SqlChannelLedger::privateWrites(BlockNumber block) {
    ASSIGN_OR_RETURN(const auto lease, m_lookups.take());
    return PrivateTables(lease.connection()).of(block, m_namespaces);
}

Result<std::vector<MissingPrivateData>> SqlChannelLedger::missing(std::size_t limit) {
    ASSIGN_OR_RETURN(const auto lease, m_lookups.take());
    return PrivateTables(lease.connection()).missing(limit, m_namespaces);
}

Status SqlChannelLedger::recordMissing(const std::vector<MissingPrivateData>& missing) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_broken);
    return write(
        [&] { return m_writer->change(true, [&] { return m_writer->recordMissing(missing); }); });
}

Status SqlChannelLedger::reconcile(BlockNumber block, std::vector<PrivateWrites> writes) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_broken);
    return write([&] { return m_writer->reconcile(block, writes); });
}

Status SqlChannelLedger::holdTransient(const TxId& txId, BlockNumber heldAt,
                                       BytesView txPvtReadWriteSet) {
    return m_transient.hold(txId, heldAt, txPvtReadWriteSet);
}

Result<std::vector<Bytes>> SqlChannelLedger::transient(const TxId& txId) {
    return m_transient.of(txId);
}

Status SqlChannelLedger::dropTransient(const std::vector<TxId>& committed, BlockNumber olderThan) {
    return m_transient.drop(committed, olderThan);
}

Status SqlChannelLedger::createIndexes(const std::vector<RichIndex>& indexes) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_broken);
    return write([&] { return m_writer->createIndexes(indexes); });
}

Result<std::optional<Bytes>> SqlChannelLedger::collectionsAt(std::string_view contract,
                                                             BlockNumber block) {
    ASSIGN_OR_RETURN(const auto lease, m_lookups.take());
    ASSIGN_OR_RETURN(auto statement, lease.connection().prepare(
                                         "SELECT package FROM collections WHERE contract = ? AND "
                                         "block <= ? ORDER BY block DESC LIMIT 1"));
    constexpr auto kMax = static_cast<BlockNumber>(std::numeric_limits<std::int64_t>::max());
    return statement.bind(Blob(contract), std::min(block, kMax)).first([](Row& row) {
        return Bytes(row.blob(0));
    });
}

Status SqlChannelLedger::recordCollections(std::string_view contract, BlockNumber block,
                                           BytesView collectionConfigPackage) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_broken);
    return write([&] {
        return m_writer->change(true, [&] {
            return m_writer->recordCollections(contract, block, collectionConfigPackage);
        });
    });
}

Result<std::unique_ptr<ChannelLedger>> ChannelLedger::open(const fs::path& folder,
                                                           const ChannelId& channel,
                                                           const Options& options,
                                                           const Replay& replay) {
    auto ledger = std::make_unique<SqlChannelLedger>(folder, channel, options);
    RETURN_IF_ERROR(ledger->openFiles());
    RETURN_IF_ERROR(ledger->catchUp(replay));
    return ledger;
}

}  // namespace chancery::node
