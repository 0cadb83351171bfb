#include "src/index/WriterState.h"

#include "src/index/TransactionId.h"

namespace chancery::index {

using protocol::Version;
using verify::StateValue;

Result<const KeyTable::Key*> WriterState::find(std::string_view ns, std::string_view key) const {
    const Space space = Space::of(ns);
    ASSIGN_OR_RETURN(const std::int64_t id, m_names.space(space.contract, space.collection));
    return m_keys.find(id, key);
}

Result<std::optional<StateValue>> WriterState::get(std::string_view ns,
                                                   std::string_view key) const {
    ASSIGN_OR_RETURN(const KeyTable::Key* found, find(ns, key));
    if (!found->exists()) return std::optional<StateValue>();
    StateValue value;
    ASSIGN_OR_RETURN(value.value, m_queries.value(Space::of(ns), key, found->id, *found->newest));
    ASSIGN_OR_RETURN(value.metadata, m_names.metadataOf(found->newest->metadata));
    ASSIGN_OR_RETURN(value.version, m_queries.version(found->id, *found->newest));
    return std::optional(std::move(value));
}

Result<std::optional<Version>> WriterState::version(std::string_view ns,
                                                    std::string_view key) const {
    ASSIGN_OR_RETURN(const KeyTable::Key* found, find(ns, key));
    if (!found->exists()) return std::optional<Version>();
    ASSIGN_OR_RETURN(const Version version, m_queries.version(found->id, *found->newest));
    return std::optional(version);
}

Result<Bytes> WriterState::metadata(std::string_view ns, std::string_view key) const {
    ASSIGN_OR_RETURN(const KeyTable::Key* found, find(ns, key));
    if (!found->exists()) return Bytes();
    return m_names.metadataOf(found->newest->metadata);
}

Result<std::unique_ptr<verify::StateCursor>> WriterState::range(std::string_view ns,
                                                                std::string_view start,
                                                                std::string_view end) const {
    return m_queries.range(Space::of(ns), start, end, kNever);
}

Result<bool> WriterState::hasTransaction(std::string_view txId) const {
    return m_queries.hasTransaction(txId, kNever);
}

TxId WriterState::transactionAt(const Version& place) const {
    return m_queries.transactionAt(place, kNever).value_or(TxId());
}

std::optional<Version> WriterState::deletion(std::string_view ns, std::string_view key) const {
    const auto found = find(ns, key);
    if (!found.ok() || (*found)->id == 0) return std::nullopt;
    return m_queries.deletion((*found)->id, kNever).value_or(std::nullopt);
}

void WriterState::put(std::string_view ns, std::string_view key, StateValue value) {
    if (m_loading && m_status.ok()) m_status = putEarlier(ns, key, value);
}

Status WriterState::putEarlier(std::string_view ns, std::string_view key, const StateValue& value) {
    const Space space = Space::of(ns);
    ASSIGN_OR_RETURN(const std::int64_t spaceId, m_names.space(space.contract, space.collection));
    m_keys.trim();
    ASSIGN_OR_RETURN(KeyTable::Key * row, m_keys.make(spaceId, key, space.collection.empty()));
    VersionRow version{.place = kFromSnapshot, .what = what::kValue};
    ASSIGN_OR_RETURN(version.metadata, m_names.metadata(value.metadata));
    RETURN_IF_ERROR(m_keys.addVersion(*row, version));
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("INSERT INTO earlier_values(key, block, slot, value) "
                                          "VALUES(?, ?, ?, ?)"));
    statement.bind(row->id, value.version.block, value.version.transaction,
                   store::Blob(value.value));
    return statement.run();
}

void WriterState::addTransaction(std::string_view txId) {
    if (!m_loading || !m_status.ok() || txId.empty()) return;
    m_status = [&]() -> Status {
        const TransactionId id(txId);
        ASSIGN_OR_RETURN(auto statement, m_connection.prepare("INSERT OR IGNORE INTO earlier_ids("
                                                              "id_key, id) VALUES(?, ?)"));
        statement.bind(id.key, store::Blob(id.stored));
        return statement.run();
    }();
}

Status WriterState::endSnapshot() {
    m_loading = false;
    return std::exchange(m_status, {});
}

}  // namespace chancery::index
