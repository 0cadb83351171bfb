#include "node/ledger/LedgerView.h"

#include "node/ledger/HistoryTable.h"
#include "node/ledger/TransactionTable.h"
#include "node/state/RichQuery.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMostRemembered = 32;

}  // namespace

Result<BlockNumber> readHeight(store::Connection& connection) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT value FROM ledger WHERE name = 'height'"));
    ASSIGN_OR_RETURN(const auto height,
                     statement.first([](store::Row& row) { return row.unsignedInteger(0); }));
    return height.value_or(0);
}

TxId filedTxIdAt(const BlockStore& blocks, const protocol::Version& place) {
    const auto block = blocks.read(place.block);
    if (!block.ok() || place.transaction >= block->transactionCount()) return {};
    return block->transaction(place.transaction).filedTxId();
}

Result<std::unique_ptr<StateView>> LedgerView::open(ViewPool& pool, const Namespaces& namespaces,
                                                    const RichIndexes& indexes,
                                                    const BlockStore& blocks) {
    ASSIGN_OR_RETURN(auto lease, pool.take());
    return std::unique_ptr<StateView>(
        new LedgerView(std::move(lease), namespaces, indexes, blocks));
}

Result<std::optional<verify::StateValue>> LedgerView::get(std::string_view ns,
                                                          std::string_view key) const {
    if (ns != protocol::kLifecycleNamespace) return m_table.get(ns, key);
    // Every transaction asks for its contract's definition, which hardly ever changes.
    ViewPool::Remembered& remembered = m_lease.remembered();
    if (const auto found = remembered.find(key); found != remembered.end()) return found->second;
    ASSIGN_OR_RETURN(auto value, m_table.get(ns, key));
    if (remembered.size() < kMostRemembered) remembered.emplace(key, value);
    return value;
}

Result<bool> LedgerView::hasTransaction(std::string_view txId) const {
    ASSIGN_OR_RETURN(const auto found, TransactionTable(m_table.connection()).find(txId));
    return found.has_value();
}

TxId LedgerView::transactionAt(const protocol::Version& place) const {
    return filedTxIdAt(m_blocks, place);
}

Result<RichQueryPage> LedgerView::query(std::string_view ns, std::string_view mango,
                                        std::uint32_t pageSize, std::string_view bookmark) const {
    return runRichQuery(m_table, m_indexes, ns, mango, pageSize, bookmark);
}

Result<std::unique_ptr<HistoryScan>> LedgerView::history(std::string_view ns,
                                                         std::string_view key) const {
    ASSIGN_OR_RETURN(const std::int64_t newest, m_table.historyOf(ns, key));
    return scanHistory(m_table.connection(), m_blocks, ns, key, newest);
}

}  // namespace chancery::node
