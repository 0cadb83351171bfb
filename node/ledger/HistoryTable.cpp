#include "node/ledger/HistoryTable.h"

namespace chancery::node {
namespace {

using store::Row;

Status damaged(const protocol::Version& place) {
    return makeError(StatusCode::kDataLoss, "LEDGER_DAMAGED",
                     fmt::format("the history says that transaction {} of block {} wrote the key, "
                                 "and it does not: remove state.db, state.db-wal and state.db-shm "
                                 "while the peer does not run, and they are made again",
                                 place.transaction, place.block),
                     {{"block", std::to_string(place.block)}});
}

class Scan final : public HistoryScan {
public:
    Scan(store::Connection& connection, const BlockStore& blocks, std::string_view ns,
         std::string_view key, std::int64_t newest)
        : m_table(connection), m_blocks(blocks), m_ns(ns), m_key(key), m_next(newest) {}

    Result<std::optional<KeyChange>> next() override {
        if (m_next == 0) return std::optional<KeyChange>();
        ASSIGN_OR_RETURN(const auto entry, m_table.read(m_next));
        if (!entry) return damaged({});
        m_next = entry->previous;
        ASSIGN_OR_RETURN(const protocol::Block block, m_blocks.read(entry->place.block));
        if (entry->place.transaction >= block.transactionCount()) return damaged(entry->place);
        const auto transaction = block.transaction(entry->place.transaction);
        KeyChange change{entry->place, transaction.filedTxId()};
        if (transaction.channelHeader.timestamp)
            change.time = transaction.channelHeader.timestamp->time();
        if (!takeWrite(transaction, change)) return damaged(entry->place);
        return std::optional(std::move(change));
    }

private:
    bool takeWrite(const protocol::Transaction& transaction, KeyChange& change) const {
        bool found = false;
        for (const auto& action : transaction.actions) {
            if (!action.readWriteSet) continue;
            for (const auto& set : action.readWriteSet->namespaces) {
                if (set.name != m_ns) continue;
                for (const auto& write : set.writes) {
                    if (write.key != m_key) continue;
                    found = true;
                    change.isDelete = write.isDelete();
                    change.value = Bytes(write.value);
                }
            }
        }
        return found;
    }

    HistoryTable m_table;
    const BlockStore& m_blocks;
    std::string m_ns, m_key;
    std::int64_t m_next;
};

}  // namespace

Result<std::int64_t> HistoryTable::add(std::int64_t previous, const protocol::Version& place) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("INSERT INTO history(previous, block, tx) VALUES(?, ?, ?)"));
    RETURN_IF_ERROR(statement.bind(previous, place.block, place.transaction).run());
    return m_connection.lastRowId();
}

Result<std::optional<HistoryTable::Entry>> HistoryTable::read(std::int64_t id) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT previous, block, tx FROM history WHERE id = ?"));
    return statement.bind(id).first([](Row& row) {
        return Entry{row.integer(0), {row.unsignedInteger(1), row.unsignedInteger(2)}};
    });
}

std::unique_ptr<HistoryScan> scanHistory(store::Connection& connection, const BlockStore& blocks,
                                         std::string_view ns, std::string_view key,
                                         std::int64_t newest) {
    return std::make_unique<Scan>(connection, blocks, ns, key, newest);
}

}  // namespace chancery::node
