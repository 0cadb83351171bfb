#pragma once

#include <memory>

#include "node/ledger/BlockStore.h"
#include "node/ledger/ViewPool.h"
#include "node/state/StateTable.h"
#include "node/state/StateView.h"

namespace chancery::node {

class RichIndexes;

/// Number of the next block as a connection's transaction sees it.
Result<BlockNumber> readHeight(store::Connection& connection);

/// A view with a connection of its own.
class LedgerView final : public StateView {
public:
    static Result<std::unique_ptr<StateView>> open(ViewPool& pool, const Namespaces& namespaces,
                                                   const RichIndexes& indexes,
                                                   const BlockStore& blocks);

    /// For reading tables beside the state as they were then.
    store::Connection& connection() const { return m_lease.connection(); }

    BlockNumber height() const override { return m_lease.height(); }
    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override;
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const override {
        return m_table.version(ns, key);
    }
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override {
        return m_table.metadata(ns, key);
    }
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override {
        return m_table.range(ns, start, end);
    }
    Result<std::unique_ptr<StateScan>> scan(std::string_view ns, std::string_view start,
                                            std::string_view end) const override {
        return m_table.scan(ns, start, end);
    }
    Result<bool> hasTransaction(std::string_view txId) const override;
    TxId transactionAt(const protocol::Version& place) const override;
    Result<RichQueryPage> query(std::string_view ns, std::string_view mango, std::uint32_t pageSize,
                                std::string_view bookmark) const override;
    Result<std::unique_ptr<HistoryScan>> history(std::string_view ns,
                                                 std::string_view key) const override;

private:
    LedgerView(ViewPool::Lease lease, const Namespaces& namespaces, const RichIndexes& indexes,
               const BlockStore& blocks)
        : m_lease(std::move(lease)),
          m_table(m_lease.connection(), namespaces),
          m_indexes(indexes),
          m_blocks(blocks) {}

    ViewPool::Lease m_lease;
    StateTable m_table;
    const RichIndexes& m_indexes;
    const BlockStore& m_blocks;
};

/// The id under which the transaction at a place is filed; empty when there is none.
TxId filedTxIdAt(const BlockStore& blocks, const protocol::Version& place);

}  // namespace chancery::node
