#include "node/ledger/LedgerView.h"

#include "node/ledger/HistoryTable.h"
#include "node/ledger/TransactionTable.h"
#include "node/state/RichQuery.h"

namespace chancery::node {

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
