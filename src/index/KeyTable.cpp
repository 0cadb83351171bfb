#include "src/index/KeyTable.h"

#include <array>
#include <cstring>

namespace chancery::index {
namespace {

constexpr std::size_t kMaxCachedKeys = 150'000;

enum Sql : std::size_t { FindKey, FindNewest, AddKey, AddVersion, AddTouch };
constexpr std::array<std::string_view, 5> kSql{
    "SELECT id FROM keys WHERE space = ? AND key = ?",
    "SELECT place, what, metadata FROM versions WHERE key = ? ORDER BY place DESC LIMIT 1",
    "INSERT INTO keys(space, key) VALUES(?, ?)",
    "INSERT INTO versions(key, place, what, metadata) VALUES(?, ?, ?, ?)",
    "INSERT INTO touches(key, place, what) VALUES(?, ?, ?)"};

}  // namespace

Result<std::unique_ptr<KeyTable>> KeyTable::create(store::Connection& connection, Names& names) {
    std::vector<store::Statement> statements;
    for (const std::string_view sql : kSql) {
        ASSIGN_OR_RETURN(auto statement, connection.prepare(sql));
        statements.push_back(std::move(statement));
    }
    return std::unique_ptr<KeyTable>(new KeyTable(connection, names, std::move(statements)));
}

Result<KeyTable::Key*> KeyTable::find(std::int64_t space, BytesView key) {
    m_buffer.resize(sizeof space);
    std::memcpy(m_buffer.data(), &space, sizeof space);
    m_buffer.append(key);
    if (const auto known = m_keys.find(m_buffer); known != m_keys.end()) return &known->second;
    Key entry;
    store::Statement& finding = m_statements[FindKey];
    finding.bind(space, store::Blob(key));
    ASSIGN_OR_RETURN(const auto id, finding.first([](store::Row& row) { return row.integer(0); }));
    if (id) {
        entry.id = *id;
        store::Statement& newest = m_statements[FindNewest];
        newest.bind(*id);
        ASSIGN_OR_RETURN(entry.newest, newest.first([](store::Row& row) {
            return VersionRow{row.integer(0), row.integer(1), row.integer(2)};
        }));
    }
    return &m_keys.emplace(m_buffer, entry).first->second;
}

Result<KeyTable::Key*> KeyTable::make(std::int64_t space, BytesView key, bool isPublic) {
    ASSIGN_OR_RETURN(Key * entry, find(space, key));
    if (entry->id != 0) return entry;
    store::Statement& adding = m_statements[AddKey];
    adding.bind(space, store::Blob(key));
    RETURN_IF_ERROR(adding.run());
    entry->id = m_connection.lastRowId();
    if (isPublic) RETURN_IF_ERROR(m_names.addWords(kKeyWord, entry->id, key));
    return entry;
}

Status KeyTable::addVersion(Key& key, const VersionRow& row) {
    store::Statement& adding = m_statements[AddVersion];
    adding.bind(key.id, row.place, row.what, row.metadata);
    key.newest = row;
    return adding.run();
}

Status KeyTable::addTouch(const Key& key, Place place, std::int64_t what) {
    store::Statement& adding = m_statements[AddTouch];
    adding.bind(key.id, place, what);
    return adding.run();
}

void KeyTable::trim() {
    if (m_keys.size() > kMaxCachedKeys) m_keys.clear();
}

}  // namespace chancery::index
