#include "src/index/StateQueries.h"

#include "src/index/TransactionId.h"
#include "src/verify/Validator.h"

namespace chancery::index {
namespace {

using protocol::Version;

constexpr std::string_view kHashMark = "$$h";
constexpr std::int64_t kRangePage = 256;

/// Goes through keys page by page, so that no statement stays open in between.
class Cursor final : public verify::StateCursor {
public:
    Cursor(store::Connection& connection, const StateQueries& queries, std::int64_t space,
           std::string_view start, std::string_view end, Place before)
        : m_connection(connection),
          m_queries(queries),
          m_space(space),
          m_from(start),
          m_end(end),
          m_before(before) {}

    Result<std::optional<verify::StateItem>> next() override {
        for (;;) {
            if (m_at == m_page.size()) {
                if (m_finished) return std::optional<verify::StateItem>();
                RETURN_IF_ERROR(load());
                continue;
            }
            const auto& [id, key] = m_page[m_at++];
            ASSIGN_OR_RETURN(const auto row, m_queries.latest(id, m_before));
            if (!row || !row->exists()) continue;
            ASSIGN_OR_RETURN(const Version version, m_queries.version(id, *row));
            return std::optional(verify::StateItem{key, version});
        }
    }

private:
    Status load() {
        m_page.clear();
        m_at = 0;
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("SELECT id, key FROM keys WHERE space = ? AND key >= "
                                              "? ORDER BY key LIMIT ?"));
        statement.bind(m_space, store::Blob(m_from), kRangePage);
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            m_page.emplace_back(row.integer(0), std::string(row.blob(1)));
        }));
        m_finished = static_cast<std::int64_t>(m_page.size()) < kRangePage;
        if (!m_page.empty()) m_from = m_page.back().second + '\0';
        while (!m_end.empty() && !m_page.empty() && m_page.back().second >= m_end) {
            m_page.pop_back();
            m_finished = true;
        }
        return {};
    }

    store::Connection& m_connection;
    StateQueries m_queries;
    std::int64_t m_space;
    std::string m_from, m_end;
    Place m_before;
    std::vector<std::pair<std::int64_t, std::string>> m_page;
    std::size_t m_at = 0;
    bool m_finished = false;
};

class EmptyCursor final : public verify::StateCursor {
public:
    Result<std::optional<verify::StateItem>> next() override {
        return std::optional<verify::StateItem>();
    }
};

}  // namespace

Space Space::of(std::string_view ns) {
    const std::size_t mark = ns.find(kHashMark);
    if (mark == ns.npos) return {std::string(ns), {}};
    return {std::string(ns.substr(0, mark)), std::string(ns.substr(mark + kHashMark.size()))};
}

Space Space::of(std::string_view contract, std::string_view collection) {
    // Hand-made names may hold the mark themselves: what has one name there is one space here.
    return collection.empty() ? of(contract) : of(verify::hashedNamespace(contract, collection));
}

std::optional<Bytes> writtenValue(const protocol::Transaction& transaction, const Space& space,
                                  BytesView key) {
    if (transaction.isConfig()) {
        if (space.contract == verify::kConfigNamespace && key == verify::kConfigKey)
            return Bytes(transaction.payload.data);
        return std::nullopt;
    }
    if (transaction.actions.empty() || !transaction.actions.front().readWriteSet)
        return std::nullopt;
    std::optional<Bytes> value;  // hand-made sets may name a key twice: the last one counts
    for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
        if (Space::of(ns.name) == space)
            for (const auto& write : ns.writes)
                if (write.key == key && !write.isDelete()) value = Bytes(write.value);
        for (const auto& collection : ns.collections) {
            if (Space::of(ns.name, collection.collection) != space) continue;
            for (const auto& write : collection.writes)
                if (write.keyHash == key && !write.isDelete()) value = Bytes(write.valueHash);
        }
    }
    return value;
}

Result<std::optional<std::int64_t>> StateQueries::space(const Space& space) const {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("SELECT id FROM spaces WHERE contract = ? AND collection = ?"));
    statement.bind(store::Blob(space.contract), store::Blob(space.collection));
    return statement.first([](store::Row& row) { return row.integer(0); });
}

Result<std::optional<std::int64_t>> StateQueries::key(std::int64_t space, BytesView key) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT id FROM keys WHERE space = ? AND key = ?"));
    statement.bind(space, store::Blob(key));
    return statement.first([](store::Row& row) { return row.integer(0); });
}

Result<std::optional<VersionRow>> StateQueries::latest(std::int64_t key, Place before) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT place, what, metadata FROM versions WHERE key = "
                                          "? AND place < ? ORDER BY place DESC LIMIT 1"));
    statement.bind(key, before);
    return statement.first([](store::Row& row) {
        return VersionRow{row.integer(0), row.integer(1), row.integer(2)};
    });
}

Result<Version> StateQueries::version(std::int64_t key, const VersionRow& row) const {
    if (row.place != kFromSnapshot) return versionOf(row.place);
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT block, slot FROM earlier_values WHERE key = ?"));
    statement.bind(key);
    ASSIGN_OR_RETURN(const auto version, statement.first([](store::Row& values) {
        return Version{values.unsignedInteger(0), values.unsignedInteger(1)};
    }));
    return version.value_or(Version{});
}

Result<Bytes> StateQueries::value(const Space& space, BytesView key, std::int64_t id,
                                  const VersionRow& row) const {
    VersionRow written = row;
    // Metadata alone leave the value that was there.
    while ((written.what & what::kValue) == 0) {
        ASSIGN_OR_RETURN(const auto before, latest(id, written.place));
        if (!before || !before->exists()) return Bytes();
        written = *before;
    }
    if (written.place == kFromSnapshot) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("SELECT value FROM earlier_values WHERE key = ?"));
        statement.bind(id);
        ASSIGN_OR_RETURN(const auto value,
                         statement.first([](store::Row& found) { return Bytes(found.blob(0)); }));
        return value.value_or(Bytes());
    }
    ASSIGN_OR_RETURN(const BlockPtr block, m_blocks.read(m_connection, blockOf(written.place)));
    const std::uint64_t index = slotOf(written.place);
    if (index >= block->block.transactionCount()) return Bytes();
    return writtenValue(block->block.transaction(index), space, key).value_or(Bytes());
}

Result<Bytes> StateQueries::metadata(std::int64_t id) const {
    if (id == 0) return Bytes();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT bytes FROM metadata WHERE id = ?"));
    statement.bind(id);
    ASSIGN_OR_RETURN(const auto bytes,
                     statement.first([](store::Row& row) { return Bytes(row.blob(0)); }));
    return bytes.value_or(Bytes());
}

Result<std::optional<Version>> StateQueries::deletion(std::int64_t key, Place before) const {
    for (;;) {
        ASSIGN_OR_RETURN(const auto row, latest(key, before));
        if (!row || row->exists()) return std::optional<Version>();
        if ((row->what & what::kExisted) != 0) return std::optional(versionOf(row->place));
        before = row->place;  // deleted once more
    }
}

Result<std::unique_ptr<verify::StateCursor>> StateQueries::range(const Space& space,
                                                                 std::string_view start,
                                                                 std::string_view end,
                                                                 Place before) const {
    ASSIGN_OR_RETURN(const auto id, this->space(space));
    if (!id || (!end.empty() && start >= end)) return std::make_unique<EmptyCursor>();
    return std::make_unique<Cursor>(m_connection, *this, *id, start, end, before);
}

Result<bool> StateQueries::hasTransaction(std::string_view txId, Place before) const {
    if (txId.empty()) return false;
    const TransactionId id(txId);
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT 1 FROM transactions WHERE id_key = ? AND id = ? "
                                          "AND place < ? LIMIT 1"));
    statement.bind(id.key, store::Blob(id.stored), before);
    ASSIGN_OR_RETURN(const auto found, statement.first([](store::Row&) { return true; }));
    if (found) return true;
    ASSIGN_OR_RETURN(auto earlier,
                     m_connection.prepare("SELECT 1 FROM earlier_ids WHERE id_key = ? AND id = ?"));
    earlier.bind(id.key, store::Blob(id.stored));
    ASSIGN_OR_RETURN(const auto known, earlier.first([](store::Row&) { return true; }));
    return known.has_value();
}

Result<TxId> StateQueries::transactionAt(const Version& version, Place before) const {
    if (version.block > kMaxBlock || version.transaction >= kEndSlot) return TxId();
    const Place place = placeOf(version.block, version.transaction);
    if (place >= before) return TxId();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT id_key, id FROM transactions WHERE place = ?"));
    statement.bind(place);
    ASSIGN_OR_RETURN(const auto id, statement.first([](store::Row& row) {
        return TransactionId::textOf(row.integer(0), row.blob(1));
    }));
    return TxId(id.value_or(""));
}

Result<std::optional<StateAt::Found>> StateAt::find(const Space& space,
                                                    std::string_view key) const {
    ASSIGN_OR_RETURN(const auto spaceId, m_queries.space(space));
    if (!spaceId) return std::optional<Found>();
    ASSIGN_OR_RETURN(const auto id, m_queries.key(*spaceId, key));
    if (!id) return std::optional<Found>();
    ASSIGN_OR_RETURN(const auto row, m_queries.latest(*id, m_before));
    if (!row) return std::optional<Found>();
    return std::optional(Found{*id, *row});
}

Result<std::optional<verify::StateValue>> StateAt::get(std::string_view ns,
                                                       std::string_view key) const {
    const Space space = Space::of(ns);
    ASSIGN_OR_RETURN(const auto found, find(space, key));
    if (!found || !found->row.exists()) return std::optional<verify::StateValue>();
    verify::StateValue value;
    ASSIGN_OR_RETURN(value.value, m_queries.value(space, key, found->id, found->row));
    ASSIGN_OR_RETURN(value.metadata, m_queries.metadata(found->row.metadata));
    ASSIGN_OR_RETURN(value.version, m_queries.version(found->id, found->row));
    return std::optional(std::move(value));
}

Result<std::optional<Version>> StateAt::version(std::string_view ns, std::string_view key) const {
    ASSIGN_OR_RETURN(const auto found, find(Space::of(ns), key));
    if (!found || !found->row.exists()) return std::optional<Version>();
    ASSIGN_OR_RETURN(const Version version, m_queries.version(found->id, found->row));
    return std::optional(version);
}

Result<Bytes> StateAt::metadata(std::string_view ns, std::string_view key) const {
    ASSIGN_OR_RETURN(const auto found, find(Space::of(ns), key));
    if (!found || !found->row.exists()) return Bytes();
    return m_queries.metadata(found->row.metadata);
}

Result<std::unique_ptr<verify::StateCursor>> StateAt::range(std::string_view ns,
                                                            std::string_view start,
                                                            std::string_view end) const {
    return m_queries.range(Space::of(ns), start, end, m_before);
}

Result<bool> StateAt::hasTransaction(std::string_view txId) const {
    return m_queries.hasTransaction(txId, m_before);
}

TxId StateAt::transactionAt(const Version& place) const {
    return m_queries.transactionAt(place, m_before).value_or(TxId());
}

std::optional<Version> StateAt::deletion(std::string_view ns, std::string_view key) const {
    const auto found = find(Space::of(ns), key);
    if (!found.ok() || !*found) return std::nullopt;
    return m_queries.deletion((*found)->id, m_before).value_or(std::nullopt);
}

}  // namespace chancery::index
