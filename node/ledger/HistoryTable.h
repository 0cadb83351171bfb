#pragma once

#include <memory>

#include "node/ledger/BlockStore.h"
#include "node/state/StateView.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Which transactions wrote a key. Rows only come behind each other, and each names the one before
/// it of the same key; the newest stands with the key in the state. Values are read from the
/// blocks. Through one connection, one thread at a time.
class HistoryTable {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE history (id INTEGER PRIMARY KEY, previous INTEGER NOT NULL, "
        "  block INTEGER NOT NULL, tx INTEGER NOT NULL);";

    explicit HistoryTable(store::Connection& connection) : m_connection(connection) {}

    /// Gives the row's number.
    Result<std::int64_t> add(std::int64_t previous, const protocol::Version& place);

    struct Entry {
        std::int64_t previous = 0;
        protocol::Version place;
    };
    Result<std::optional<Entry>> read(std::int64_t id) const;

private:
    store::Connection& m_connection;
};

/// Goes from `newest` back. The connection and the blocks must outlive it.
std::unique_ptr<HistoryScan> scanHistory(store::Connection& connection, const BlockStore& blocks,
                                         std::string_view ns, std::string_view key,
                                         std::int64_t newest);

}  // namespace chancery::node
