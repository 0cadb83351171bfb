#include "node/state/StateWriter.h"

namespace chancery::node {
namespace {

using store::Blob;
using store::Row;

// Of each of the two generations.
constexpr std::size_t kMaxKeys = 16'384;
constexpr std::size_t kMaxBytes = std::size_t{3} << 20;
constexpr std::size_t kMaxKeptValue = 4096;
constexpr std::size_t kKeyCost = 160;

std::optional<Blob> orNull(const Bytes& bytes) {
    return bytes.empty() ? std::nullopt : std::optional(Blob(bytes));
}

std::string nameOf(std::int64_t ns, std::string_view key) {
    std::string name;
    name.reserve(sizeof ns + key.size());
    name.append(reinterpret_cast<const char*>(&ns), sizeof ns);
    return name.append(key);
}

}  // namespace

Status StateWriter::load() {
    forget();
    ASSIGN_OR_RETURN(auto statement, m_connection.prepare("SELECT 1 FROM deleted LIMIT 1"));
    ASSIGN_OR_RETURN(const auto any, statement.first([](Row& row) { return row.integer(0); }));
    m_anyDeleted = any.has_value();
    return absl::OkStatus();
}

void StateWriter::forget() {
    m_young.clear();
    m_old.clear();
    m_youngBytes = 0;
    m_anyDeleted = true;
}

Result<KnownKey*> StateWriter::know(std::int64_t ns, std::string_view key) {
    std::string name = nameOf(ns, key);
    if (const auto found = m_young.find(name); found != m_young.end()) return &found->second;
    KnownKey known;
    if (const auto older = m_old.find(name); older != m_old.end())
        known = std::move(older->second);
    else
        RETURN_IF_ERROR(readKey(ns, key, known));
    if (m_young.size() >= kMaxKeys || m_youngBytes >= kMaxBytes) {
        m_old = std::exchange(m_young, {});
        m_youngBytes = 0;
    }
    m_youngBytes += name.size() + known.value.value.size() + kKeyCost;
    return &m_young.insert_or_assign(std::move(name), std::move(known)).first->second;
}

Status StateWriter::readKey(std::int64_t ns, std::string_view key, KnownKey& into) {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT rowid, history, block, tx, metadata FROM state "
                                          "WHERE ns = ? AND key = ?"));
    ASSIGN_OR_RETURN(auto found, statement.bind(ns, Blob(key)).first([](Row& row) {
        KnownKey known{row.integer(0), row.integer(1)};
        known.value.version = {row.unsignedInteger(2), row.unsignedInteger(3)};
        if (!row.isNull(4)) known.value.metadata = Bytes(row.blob(4));
        return known;
    }));
    if (found) {
        into = *std::move(found);
        return absl::OkStatus();
    }
    if (!m_anyDeleted) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto deleted,
                     m_connection.prepare("SELECT history FROM deleted WHERE ns = ? AND key = ?"));
    ASSIGN_OR_RETURN(const auto history,
                     deleted.bind(ns, Blob(key)).first([](Row& row) { return row.integer(0); }));
    into.history = history.value_or(0);
    return absl::OkStatus();
}

Result<KnownKey*> StateWriter::knowValue(std::int64_t ns, std::string_view key) {
    ASSIGN_OR_RETURN(KnownKey * known, know(ns, key));
    if (!known->row || known->hasValue) return known;
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT value FROM state WHERE rowid = ?"));
    ASSIGN_OR_RETURN(
        auto value, statement.bind(*known->row).first([](Row& row) { return Bytes(row.blob(0)); }));
    known->value.value = std::move(value).value_or(Bytes());
    known->hasValue = true;
    m_youngBytes += known->value.value.size();
    return known;
}

void StateWriter::keepValue(KnownKey& known, const verify::StateValue& value) {
    known.value.version = value.version;
    known.value.metadata = value.metadata;
    known.hasValue = value.value.size() <= kMaxKeptValue;
    known.value.value = known.hasValue ? value.value : Bytes();
    m_youngBytes += known.value.value.size();
}

Status StateWriter::put(std::int64_t ns, std::string_view key, const verify::StateValue& value,
                        std::int64_t history) {
    ASSIGN_OR_RETURN(KnownKey * known, know(ns, key));
    if (known->row) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("UPDATE state SET block = ?, tx = ?, value = ?, "
                                              "metadata = ?, history = ? WHERE rowid = ?"));
        RETURN_IF_ERROR(statement
                            .bind(value.version.block, value.version.transaction, Blob(value.value),
                                  orNull(value.metadata), history, *known->row)
                            .run());
    } else {
        if (known->history != 0) {
            ASSIGN_OR_RETURN(auto statement,
                             m_connection.prepare("DELETE FROM deleted WHERE ns = ? AND key = ?"));
            RETURN_IF_ERROR(statement.bind(ns, Blob(key)).run());
        }
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("INSERT INTO state(ns, key, block, tx, value, "
                                              "metadata, history) VALUES(?, ?, ?, ?, ?, ?, ?)"));
        RETURN_IF_ERROR(statement
                            .bind(ns, Blob(key), value.version.block, value.version.transaction,
                                  Blob(value.value), orNull(value.metadata), history)
                            .run());
        known->row = m_connection.lastRowId();
    }
    known->history = history;
    keepValue(*known, value);
    return tell(ns, key, &value.value);
}

Status StateWriter::remove(std::int64_t ns, std::string_view key, std::int64_t history) {
    ASSIGN_OR_RETURN(KnownKey * known, know(ns, key));
    const bool existed = known->row.has_value();
    if (existed) {
        ASSIGN_OR_RETURN(auto statement, m_connection.prepare("DELETE FROM state WHERE rowid = ?"));
        RETURN_IF_ERROR(statement.bind(*known->row).run());
    }
    if (history != 0) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare(
                             "INSERT OR REPLACE INTO deleted(ns, key, history) VALUES(?, ?, ?)"));
        RETURN_IF_ERROR(statement.bind(ns, Blob(key), history).run());
        m_anyDeleted = true;
    }
    *known = KnownKey{.history = history};
    return existed ? tell(ns, key, nullptr) : absl::OkStatus();
}

Status StateWriter::touch(std::int64_t ns, std::string_view key, const protocol::Version& version) {
    ASSIGN_OR_RETURN(KnownKey * known, know(ns, key));
    if (!known->row) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("UPDATE state SET block = ?, tx = ? WHERE rowid = ?"));
    RETURN_IF_ERROR(statement.bind(version.block, version.transaction, *known->row).run());
    known->value.version = version;
    return absl::OkStatus();
}

Status StateWriter::removeIfWrittenIn(std::int64_t ns, std::string_view key, BlockNumber block) {
    ASSIGN_OR_RETURN(KnownKey * known, know(ns, key));
    if (!known->row || known->value.version.block != block) return absl::OkStatus();
    return remove(ns, key);
}

Status StateWriter::tell(std::int64_t ns, std::string_view key, const Bytes* value) {
    return m_observer == nullptr ? absl::OkStatus() : m_observer->changed(ns, key, value);
}

}  // namespace chancery::node
