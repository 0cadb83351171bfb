#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "src/index/Names.h"
#include "src/index/StateQueries.h"

namespace chancery::index {

/// The newest version of each key, for the writing connection: what was asked for of late is kept
/// in memory. One thread at a time. To be thrown away when the transaction is rolled back.
class KeyTable {
public:
    struct Key {
        std::int64_t id = 0;  ///< 0: the index has no such key yet
        std::optional<VersionRow> newest;
        bool exists() const { return newest && newest->exists(); }
    };

    static Result<std::unique_ptr<KeyTable>> create(store::Connection& connection, Names& names);

    /// Valid until trim().
    Result<Key*> find(std::int64_t space, BytesView key);
    /// The same, with a row of its own. Public keys are found by their words too.
    Result<Key*> make(std::int64_t space, BytesView key, bool isPublic);
    Status addVersion(Key& key, const VersionRow& row);
    Status addTouch(const Key& key, Place place, std::int64_t what);

    /// Gives memory back when there is too much of it.
    void trim();
    std::size_t size() const { return m_keys.size(); }

private:
    KeyTable(store::Connection& connection, Names& names, std::vector<store::Statement> statements)
        : m_connection(connection), m_names(names), m_statements(std::move(statements)) {}

    store::Connection& m_connection;
    Names& m_names;
    std::vector<store::Statement> m_statements;
    std::unordered_map<std::string, Key> m_keys;
    std::string m_buffer;
};

}  // namespace chancery::index
