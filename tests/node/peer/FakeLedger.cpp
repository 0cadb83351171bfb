#include "tests/node/peer/FakeLedger.h"

#include "src/verify/TransactionCheck.h"
#include "src/verify/Validator.h"
#include "tests/support/Vectors.h"

namespace chancery::node::test {
namespace {

using verify::MemoryState;

Status unused() {
    return makeError(StatusCode::kUnimplemented, "UNUSED", "not in this fake");
}

/// Over a state of its own, or over the ledger's as it changes.
class View final : public StateView {
public:
    View(std::shared_ptr<MemoryState> own, const MemoryState* state, std::mutex* mutex,
         BlockNumber height)
        : m_own(std::move(own)),
          m_state(m_own ? m_own.get() : state),
          m_mutex(m_own ? &m_ownMutex : mutex),
          m_height(height) {}

    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override {
        const std::lock_guard lock(*m_mutex);
        return m_state->get(ns, key);
    }
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const override {
        const std::lock_guard lock(*m_mutex);
        return m_state->version(ns, key);
    }
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override {
        const std::lock_guard lock(*m_mutex);
        return m_state->metadata(ns, key);
    }
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override {
        return m_state->range(ns, start, end);
    }
    Result<bool> hasTransaction(std::string_view txId) const override {
        const std::lock_guard lock(*m_mutex);
        return m_state->hasTransaction(txId);
    }
    BlockNumber height() const override { return m_height; }
    Result<std::unique_ptr<StateScan>> scan(std::string_view ns, std::string_view start,
                                            std::string_view end) const override {
        ASSIGN_OR_RETURN(auto cursor, m_state->range(ns, start, end));
        return std::make_unique<Scan>(*this, std::string(ns), std::move(cursor));
    }
    Result<RichQueryPage> query(std::string_view, std::string_view, std::uint32_t,
                                std::string_view) const override {
        return unused();
    }
    Result<std::unique_ptr<HistoryScan>> history(std::string_view,
                                                 std::string_view) const override {
        return unused();
    }

private:
    class Scan final : public StateScan {
    public:
        Scan(const View& view, std::string ns, std::unique_ptr<verify::StateCursor> cursor)
            : m_view(view), m_ns(std::move(ns)), m_cursor(std::move(cursor)) {}
        Result<std::optional<StateRow>> next() override {
            ASSIGN_OR_RETURN(const auto item, m_cursor->next());
            if (!item) return std::optional<StateRow>();
            std::string key(item->key);
            ASSIGN_OR_RETURN(auto value, m_view.get(m_ns, key));
            return std::optional(StateRow{std::move(key), *std::move(value)});
        }

    private:
        const View& m_view;
        std::string m_ns;
        std::unique_ptr<verify::StateCursor> m_cursor;
    };

    std::shared_ptr<MemoryState> m_own;
    const MemoryState* m_state;
    mutable std::mutex m_ownMutex;
    std::mutex* m_mutex;
    BlockNumber m_height;
};

}  // namespace

FakeLedger::FakeLedger(std::shared_ptr<Store> store, std::shared_ptr<Faults> faults)
    : m_store(std::move(store)),
      m_faults(faults ? std::move(faults) : std::make_shared<Faults>()),
      m_writerView(std::make_unique<View>(nullptr, &m_store->state, &m_store->mutex, 0)) {}

Result<std::unique_ptr<ChannelLedger>> FakeLedger::openWithReplay(std::shared_ptr<Store> store,
                                                                  const Replay& replay,
                                                                  std::shared_ptr<Faults> faults) {
    auto ledger = open(store, std::move(faults));
    while (store->inDatabase < store->blocks.size()) {
        ASSIGN_OR_RETURN(const auto block, ledger->read(store->inDatabase));
        ASSIGN_OR_RETURN(const auto commit, replay(block, ledger->writerView()));
        ledger->apply(commit);
    }
    return Result<std::unique_ptr<ChannelLedger>>(std::move(ledger));
}

BlockNumber FakeLedger::firstBlock() const {
    return m_store->bootstrap ? m_store->bootstrap->lastBlock + 1 : 0;
}
BlockNumber FakeLedger::height() const {
    const std::lock_guard lock(m_store->mutex);
    return firstBlock() + m_store->blocks.size();
}
Result<protocol::Block> FakeLedger::read(BlockNumber number) const {
    const std::lock_guard lock(m_store->mutex);
    if (number < firstBlock() || number - firstBlock() >= m_store->blocks.size())
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "no such block");
    return protocol::Block::parse(Bytes(m_store->blocks[number - firstBlock()]));
}
Bytes FakeLedger::lastHash() const {
    const BlockNumber at = height();
    return at == firstBlock() ? Bytes() : read(at - 1)->header().hash();
}
Bytes FakeLedger::lastCommitHash() const {
    const BlockNumber at = height();
    if (at == firstBlock())
        return m_store->bootstrap ? m_store->bootstrap->lastCommitHash : Bytes();
    const auto block = read(at - 1);
    return Bytes(block->commitHash().value_or(BytesView()));
}
Status FakeLedger::append(const protocol::Block& block) {
    const std::lock_guard lock(m_store->mutex);
    m_store->blocks.push_back(block.serialize());
    return {};
}

Status FakeLedger::commit(const Commit& commit) {
    const BlockNumber number = commit.block.number();
    ++m_faults->commits;
    if (m_faults->before) m_faults->before(number);
    if (m_faults->broken)
        return makeError(StatusCode::kDataLoss, "STORE_IO_ERROR", "the disk is broken");
    if (m_faults->full > 0) {
        --m_faults->full;
        return makeError(StatusCode::kResourceExhausted, "DISK_FULL", "no space is left");
    }
    if (number != height() || (number > 0 && commit.block.header().previousHash != lastHash()))
        return makeError(StatusCode::kFailedPrecondition, "BLOCK_OUT_OF_ORDER", "out of order");
    RETURN_IF_ERROR(append(commit.block));
    apply(commit);
    m_listeners.tell(number + 1);
    return {};
}

void FakeLedger::apply(const Commit& commit) {
    const std::lock_guard lock(m_store->mutex);
    const auto put = [&](std::string_view ns, const verify::PendingUpdates::Keys& keys) {
        for (const auto& [key, entry] : keys) {
            if (entry.isDelete)
                m_store->state.remove(ns, key, entry.version);
            else
                m_store->state.put(ns, key, {entry.value, entry.metadata, entry.version});
        }
    };
    verify::PendingUpdates updates = *commit.updates;
    verify::Contracts contracts;
    const Status expired = m_store->expiry.pass(
        commit.block.number(), updates, m_store->state,
        [&](std::string_view name) { return contracts.find(name, m_store->state); });
    if (!expired.ok()) throw std::runtime_error(expired.ToString());
    for (const auto& [ns, keys] : updates.publicUpdates()) put(ns, keys);
    for (const auto& [ns, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            put(verify::hashedNamespace(ns, collection), keys);
    const BlockNumber number = commit.block.number();
    std::vector<std::string> ids;
    const auto codes = commit.block.validationCodes();
    for (std::size_t i = 0; i < commit.txIds.size(); ++i) {
        ids.push_back(commit.txIds[i].str());
        if (!ids.back().empty())
            m_store->transactions.try_emplace(ids.back(),
                                              TransactionPlace{{number, i}, codes.at(i)});
    }
    m_store->state.addTransactions(number, ids);
    for (const auto& writes : commit.privateWrites)
        m_store->privateWrites.emplace_back(number, writes);
    m_store->missing.insert(m_store->missing.end(), commit.missing.begin(), commit.missing.end());
    m_store->inDatabase = number + 1;
}

Result<std::unique_ptr<StateView>> FakeLedger::view() {
    const std::lock_guard lock(m_store->mutex);
    return std::make_unique<View>(std::make_shared<MemoryState>(m_store->state), nullptr, nullptr,
                                  m_store->inDatabase);
}
Result<std::optional<TransactionPlace>> FakeLedger::findTransaction(const TxId& txId) {
    const std::lock_guard lock(m_store->mutex);
    const auto found = m_store->transactions.find(txId.str());
    if (found == m_store->transactions.end()) return std::optional<TransactionPlace>();
    return std::optional(found->second);
}
Result<std::optional<BlockNumber>> FakeLedger::findBlock(BytesView headerHash) {
    for (BlockNumber n = firstBlock(); n < height(); ++n)
        if (read(n)->header().hash() == headerHash) return std::optional(n);
    return std::optional<BlockNumber>();
}
Result<std::vector<PrivateWrites>> FakeLedger::privateWrites(BlockNumber block) {
    const std::lock_guard lock(m_store->mutex);
    std::vector<PrivateWrites> found;
    for (const auto& [number, writes] : m_store->privateWrites)
        if (number == block) found.push_back(writes);
    return found;
}
Result<std::vector<MissingPrivateData>> FakeLedger::missing(std::size_t limit) {
    const std::lock_guard lock(m_store->mutex);
    auto found = m_store->missing;
    if (found.size() > limit) found.resize(limit);
    return found;
}
Status FakeLedger::recordMissing(const std::vector<MissingPrivateData>& missing) {
    const std::lock_guard lock(m_store->mutex);
    m_store->missing.insert(m_store->missing.end(), missing.begin(), missing.end());
    return {};
}
Status FakeLedger::reconcile(BlockNumber block, std::vector<PrivateWrites> writes) {
    const std::lock_guard lock(m_store->mutex);
    for (auto& one : writes) {
        std::erase_if(m_store->missing, [&](const MissingPrivateData& it) {
            return it.block == block && it.transaction == one.transaction && it.ns == one.ns &&
                   it.collection == one.collection;
        });
        m_store->privateWrites.emplace_back(block, std::move(one));
    }
    return {};
}
Status FakeLedger::holdTransient(const TxId& txId, BlockNumber, BytesView bytes) {
    const std::lock_guard lock(m_store->mutex);
    m_store->transient[txId.str()].emplace_back(bytes);
    return {};
}
Result<std::vector<Bytes>> FakeLedger::transient(const TxId& txId) {
    const std::lock_guard lock(m_store->mutex);
    const auto found = m_store->transient.find(txId.str());
    return found == m_store->transient.end() ? std::vector<Bytes>() : found->second;
}
Status FakeLedger::dropTransient(const std::vector<TxId>& committed, BlockNumber) {
    const std::lock_guard lock(m_store->mutex);
    for (const TxId& id : committed) m_store->transient.erase(id.str());
    return {};
}
Result<std::optional<Bytes>> FakeLedger::collectionsAt(std::string_view contract,
                                                       BlockNumber block) {
    const std::lock_guard lock(m_store->mutex);
    std::optional<Bytes> found;
    for (const auto& [name, from, bytes] : m_store->collections)
        if (name == contract && from <= block) found = bytes;
    return found;
}
Status FakeLedger::recordCollections(std::string_view contract, BlockNumber block,
                                     BytesView bytes) {
    const std::lock_guard lock(m_store->mutex);
    m_store->collections.emplace_back(contract, block, bytes);
    return {};
}
Result<protocol::SnapshotInfo> FakeLedger::exportSnapshot(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    const std::lock_guard lock(m_store->mutex);
    m_store->snapshots.push_back(folder);
    protocol::SnapshotInfo info;
    info.lastBlock = m_store->inDatabase - 1;
    return info;
}

protocol::Block vectorBlock(const std::string& relative) {
    return *protocol::Block::parse(chancery::test::vectorFile(relative));
}
protocol::Block vectorBlock(BlockNumber number) {
    return vectorBlock("ledger/blocks/block_" + std::to_string(number) + ".pb");
}

}  // namespace chancery::node::test
