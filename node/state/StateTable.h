#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "node/state/Namespaces.h"
#include "node/state/StateView.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// The versioned keys of a channel in SQLite, seen through one connection: as its transaction sees
/// them. `history` is the number of the newest row that the ledger's history has of a key. One
/// thread at a time; the errors are the store's.
class StateTable {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE state ("
        "  ns INTEGER NOT NULL, key BLOB NOT NULL, block INTEGER NOT NULL, tx INTEGER NOT NULL,"
        "  value BLOB NOT NULL, metadata BLOB, history INTEGER NOT NULL, PRIMARY KEY (ns, key));"
        // Where the history of keys that do not exist goes on.
        "CREATE TABLE deleted (ns INTEGER NOT NULL, key BLOB NOT NULL, history INTEGER NOT NULL,"
        "  PRIMARY KEY (ns, key)) WITHOUT ROWID;";

    StateTable(store::Connection& connection, const Namespaces& namespaces)
        : m_connection(connection), m_namespaces(namespaces) {}

    Result<std::optional<verify::StateValue>> get(std::string_view ns, std::string_view key) const;
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const;
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const;
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const;
    Result<std::unique_ptr<StateScan>> scan(std::string_view ns, std::string_view start,
                                            std::string_view end) const;
    /// 0 when the key has none.
    Result<std::int64_t> historyOf(std::string_view ns, std::string_view key) const;

    store::Connection& connection() const { return m_connection; }
    const Namespaces& namespaces() const { return m_namespaces; }

private:
    store::Connection& m_connection;
    const Namespaces& m_namespaces;
};

}  // namespace chancery::node
