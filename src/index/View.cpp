#include "src/index/View.h"

#include <algorithm>

#include "fabric/common/configtx.pb.h"
#include "src/index/Record.h"
#include "src/index/TransactionId.h"
#include "src/protocol/Lifecycle.h"
#include "src/wire/Parse.h"

namespace chancery::index {
namespace {

constexpr std::string_view kBlockColumns =
    "number, config, time, transactions, valid, invalid, size, hash, commit_hash, check_result";
constexpr std::string_view kTransactionRows =
    "SELECT t.place, t.id_key, t.id, t.stated, t.type, t.time, t.creator, i.msp, i.common_name, "
    "i.fingerprint, i.units, c.name, f.name, t.code, t.computed FROM transactions t "
    "LEFT JOIN identities i ON i.id = t.creator LEFT JOIN names c ON c.id = t.contract "
    "LEFT JOIN names f ON f.id = t.function ";

template <class T = std::int64_t>
std::optional<T> maybe(store::Row& row, int column) {
    if (row.isNull(column)) return std::nullopt;
    return static_cast<T>(row.integer(column));
}

BlockRecord blockOfRow(store::Row& row) {
    return {.number = row.unsignedInteger(0),
            .config = row.integer(1) != 0,
            .time = maybe(row, 2),
            .transactions = row.unsignedInteger(3),
            .valid = maybe<std::uint64_t>(row, 4),
            .invalid = row.unsignedInteger(5),
            .size = row.unsignedInteger(6),
            .hash = Bytes(row.blob(7)),
            .commitHash = row.isNull(8) ? Bytes() : Bytes(row.blob(8)),
            .check = static_cast<CheckResult>(row.integer(9))};
}

std::vector<std::string> unitsOf(BytesView joined) {
    std::vector<std::string> units;
    while (!joined.empty()) {
        const std::size_t end = joined.find('\0');
        units.emplace_back(joined.substr(0, end));
        joined.remove_prefix(end == joined.npos ? joined.size() : end + 1);
    }
    return units;
}

TransactionRecord transactionOfRow(store::Row& row) {
    TransactionRecord record{.place = row.integer(0),
                             .id = TransactionId::textOf(row.integer(1), row.blob(2)),
                             .stated = row.integer(3) != 0,
                             .type = maybe<int>(row, 4),
                             .time = maybe(row, 5)};
    if (!row.isNull(6) && !row.isNull(7))
        record.creator = IdentityRecord{std::string(row.blob(7)), std::string(row.blob(8)),
                                        std::string(row.blob(9)), unitsOf(row.blob(10))};
    if (!row.isNull(11)) record.contract = std::string(row.blob(11));
    if (!row.isNull(12)) record.function = std::string(row.blob(12));
    record.code = maybe<int>(row, 13);
    record.computed = maybe<int>(row, 14);
    return record;
}

}  // namespace

Result<std::unique_ptr<View>> View::create(std::shared_ptr<Shared> shared, std::stop_token stop) {
    std::uint64_t generation = 0;
    ASSIGN_OR_RETURN(auto connection, shared->take(generation));
    std::unique_ptr<View> view(new View(std::move(shared), std::move(connection), generation));
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(*view->m_connection,
                                                                 store::Transaction::Kind::Read));
    view->m_transaction.emplace(std::move(transaction));
    ASSIGN_OR_RETURN(view->m_checkpoint, loadCheckpoint(*view->m_connection));
    if (stop.stop_possible())
        view->m_stop.emplace(std::move(stop),
                             [raw = view->m_connection.get()] { raw->interrupt(); });
    return view;
}

View::~View() {
    m_stop.reset();
    m_transaction.reset();
    m_shared->giveBack(std::move(m_connection), m_generation);
}

Result<std::vector<BlockRecord>> View::blocks(std::uint64_t first, std::size_t count) const {
    std::vector<BlockRecord> records;
    if (first >= m_checkpoint.blocks) return records;
    // Rows are counted from the oldest block in the table.
    const std::uint64_t newest = m_checkpoint.blocks - 1 - first;
    ASSIGN_OR_RETURN(auto statement, m_connection->prepare(fmt::format(
                                         "SELECT {} FROM blocks WHERE blocks_before <= ? "
                                         "ORDER BY blocks_before DESC LIMIT ?",
                                         kBlockColumns)));
    statement.bind(newest, count);
    RETURN_IF_ERROR(statement.each([&](store::Row& row) { records.push_back(blockOfRow(row)); }));
    return records;
}

Result<std::vector<BlockRecord>> View::blocks(const std::vector<BlockNumber>& numbers) const {
    std::vector<BlockRecord> records;
    for (const BlockNumber number : numbers) {
        ASSIGN_OR_RETURN(auto record, block(number));
        if (record) records.push_back(*std::move(record));
    }
    return records;
}

Result<std::optional<BlockRecord>> View::block(BlockNumber number) const {
    if (number > kMaxBlock) return std::optional<BlockRecord>();
    ASSIGN_OR_RETURN(auto statement, m_connection->prepare(fmt::format(
                                         "SELECT {} FROM blocks WHERE number = ?", kBlockColumns)));
    statement.bind(number);
    return statement.first(blockOfRow);
}

Result<std::optional<std::uint64_t>> View::rowOf(BlockNumber number) const {
    if (number > kMaxBlock) return std::optional<std::uint64_t>();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT blocks_before FROM blocks WHERE number = ?"));
    statement.bind(number);
    return statement.first(
        [&](store::Row& row) { return m_checkpoint.blocks - 1 - row.unsignedInteger(0); });
}

Result<std::optional<BlockNumber>> View::withHash(BytesView hash) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT number FROM blocks WHERE hash = ? LIMIT 1"));
    statement.bind(store::Blob(hash));
    return statement.first([](store::Row& row) { return row.unsignedInteger(0); });
}

Result<std::vector<TransactionRecord>> View::transactions(std::uint64_t first,
                                                          std::size_t count) const {
    std::vector<TransactionRecord> records;
    if (first >= m_checkpoint.transactions || count == 0) return records;
    // The block that holds the newest of them, and how many are before it.
    const std::uint64_t newest = m_checkpoint.transactions - 1 - first;
    ASSIGN_OR_RETURN(auto finding,
                     m_connection->prepare("SELECT number, before FROM blocks WHERE before <= ? "
                                           "AND transactions > 0 ORDER BY before DESC LIMIT 1"));
    finding.bind(newest);
    Place last = 0;
    RETURN_IF_ERROR(finding.each([&](store::Row& row) {
        last = index::placeOf(row.unsignedInteger(0), newest - row.unsignedInteger(1));
    }));
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare(std::string(kTransactionRows) +
                                           "WHERE t.place <= ? ORDER BY t.place DESC LIMIT ?"));
    statement.bind(last, count);
    RETURN_IF_ERROR(
        statement.each([&](store::Row& row) { records.push_back(transactionOfRow(row)); }));
    return records;
}

Result<std::vector<TransactionRecord>> View::transactions(const std::vector<Place>& places) const {
    std::vector<TransactionRecord> records;
    for (const Place place : places) {
        ASSIGN_OR_RETURN(auto record, transaction(place));
        if (record) records.push_back(*std::move(record));
    }
    return records;
}

Result<std::optional<TransactionRecord>> View::transaction(Place place) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare(std::string(kTransactionRows) + "WHERE t.place = ?"));
    statement.bind(place);
    return statement.first(transactionOfRow);
}

Result<std::optional<Place>> View::placeOf(std::string_view txId) const {
    const TransactionId id(txId);
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT place FROM transactions WHERE id_key = ? AND id "
                                           "= ? ORDER BY stated DESC, place LIMIT 1"));
    statement.bind(id.key, store::Blob(id.stored));
    return statement.first([](store::Row& row) { return row.integer(0); });
}

Result<std::shared_ptr<MatchList>> View::matches(const Filter& filter, bool ofTransactions) const {
    const std::string key =
        fmt::format("{} {}\n{}", m_generation, ofTransactions ? "t" : "b", filter.cacheKey());
    std::shared_ptr<MatchList> list = m_shared->matches().find(key).value_or(nullptr);
    if (list == nullptr) {
        list = std::make_shared<MatchList>();
        m_shared->matches().insert(key, list);
    }
    const std::lock_guard lock(list->mutex);
    RETURN_IF_ERROR(bringForward(filter, ofTransactions, *list));
    return list;
}

Status View::bringForward(const Filter& filter, bool ofTransactions, MatchList& list) const {
    if (!m_checkpoint.last) return {};
    // A list that a later view brought forward holds all that this one would find, and more.
    const Place end = beginOf(*m_checkpoint.last + 1);
    if (list.to >= end) return {};
    const Place begin = std::max<Place>(list.to, 0);
    ASSIGN_OR_RETURN(const CompiledFilter compiled, compile(filter, ofTransactions, *m_connection));
    std::vector<MatchList::Match> transactions;
    std::vector<BlockNumber> blocks;
    if (!ofTransactions && !compiled.aboutTransactions) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection->prepare(fmt::format(
                             "SELECT b.number FROM blocks b WHERE b.number >= {} AND ({}) "
                             "ORDER BY b.number",
                             blockOf(begin), compiled.where)));
        RETURN_IF_ERROR(
            statement.each([&](store::Row& row) { blocks.push_back(row.unsignedInteger(0)); }));
    } else {
        ASSIGN_OR_RETURN(
            auto statement,
            m_connection->prepare(fmt::format(
                "SELECT t.place, coalesce(t.code, t.computed, 0) FROM transactions t {}"
                "WHERE t.place >= {} AND ({}) ORDER BY t.place",
                compiled.needsBlocks ? "CROSS JOIN blocks b ON b.number = t.place >> 21 " : "",
                begin, compiled.where)));
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            const Place place = row.integer(0);
            if (!ofTransactions) {
                if (blocks.empty() || blocks.back() != blockOf(place))
                    blocks.push_back(blockOf(place));
            }
            transactions.push_back({place, row.integer(1) != 0});
        }));
    }
    list.blocks.insert(list.blocks.end(), blocks.begin(), blocks.end());
    list.transactions.insert(list.transactions.end(), transactions.begin(), transactions.end());
    list.to = end;
    return {};
}

Result<bool> View::matchesAny(const Filter& filter) const {
    ASSIGN_OR_RETURN(const CompiledFilter compiled, compile(filter, false, *m_connection));
    const std::string sql =
        compiled.aboutTransactions
            ? fmt::format(
                  "SELECT 1 FROM transactions t {}WHERE {} LIMIT 1",
                  compiled.needsBlocks ? "CROSS JOIN blocks b ON b.number = t.place >> 21 " : "",
                  compiled.where)
            : fmt::format("SELECT 1 FROM blocks b WHERE {} LIMIT 1", compiled.where);
    ASSIGN_OR_RETURN(auto statement, m_connection->prepare(sql));
    ASSIGN_OR_RETURN(const auto hit, statement.first([](store::Row&) { return true; }));
    return hit.has_value();
}

Result<std::vector<HistogramRow>> View::slices(bool byTime, std::int64_t begin,
                                               std::int64_t width) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare(fmt::format(
                         "SELECT ({} - {}) / {} AS slot, count(*), sum(transactions), "
                         "sum(invalid), min(number), max(number) FROM blocks GROUP BY slot "
                         "ORDER BY slot",
                         byTime ? "time" : "number", begin, width)));
    std::vector<HistogramRow> rows;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        rows.push_back({row.integer(0), row.unsignedInteger(1), row.unsignedInteger(2),
                        row.unsignedInteger(3), row.unsignedInteger(4), row.unsignedInteger(5)});
    }));
    return rows;
}

Result<std::optional<std::pair<std::int64_t, std::int64_t>>> View::times() const {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection->prepare("SELECT min(time), max(time), count(*) - count(time) FROM blocks"));
    std::optional<std::pair<std::int64_t, std::int64_t>> span;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        if (!row.isNull(0) && row.integer(2) == 0) span = {row.integer(0), row.integer(1)};
    }));
    return span;
}

Status View::eachTime(
    const std::vector<BlockNumber>& blocks,
    const std::function<void(BlockNumber, std::optional<std::int64_t>)>& visit) const {
    if (blocks.empty()) return {};
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT number, time FROM blocks WHERE number BETWEEN ? "
                                           "AND ? ORDER BY number"));
    statement.bind(blocks.front(), blocks.back());
    std::size_t at = 0;
    return statement.each([&](store::Row& row) {
        const BlockNumber number = row.unsignedInteger(0);
        while (at < blocks.size() && blocks[at] < number) ++at;
        if (at < blocks.size() && blocks[at] == number) visit(number, maybe(row, 1));
    });
}

Result<std::optional<std::pair<std::int64_t, std::int64_t>>> View::transactionTimes() const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT min(time), max(time) FROM transactions"));
    std::optional<std::pair<std::int64_t, std::int64_t>> span;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        if (!row.isNull(0)) span = {row.integer(0), row.integer(1)};
    }));
    return span;
}

Result<std::optional<std::pair<BlockNumber, Bytes>>> View::configBefore(BlockNumber block) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT block, config FROM configs WHERE block < ? "
                                           "ORDER BY block DESC LIMIT 1"));
    statement.bind(std::min(block, kMaxBlock));
    return statement.first([](store::Row& row) {
        return std::pair<BlockNumber, Bytes>(row.unsignedInteger(0), Bytes(row.blob(1)));
    });
}

Result<channel::BundlePtr> View::bundleBefore(BlockNumber block) const {
    ASSIGN_OR_RETURN(const auto config, configBefore(block));
    if (!config) return channel::BundlePtr();
    const std::string key = fmt::format("{} {}", m_generation, config->first);
    if (auto known = m_shared->bundles().find(key)) return *std::move(known);
    ASSIGN_OR_RETURN(const auto message, wire::parse<::common::Config>(config->second, "config"));
    ASSIGN_OR_RETURN(channel::BundlePtr bundle,
                     channel::Bundle::fromConfig(m_checkpoint.channel, message));
    m_shared->bundles().insert(key, bundle);
    return bundle;
}

Result<std::vector<std::pair<BlockNumber, Bytes>>> View::configs() const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT block, config FROM configs ORDER BY block"));
    std::vector<std::pair<BlockNumber, Bytes>> configs;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        configs.emplace_back(row.unsignedInteger(0), Bytes(row.blob(1)));
    }));
    return configs;
}

StateAt View::stateBefore(BlockNumber block) const {
    return StateAt(*m_connection, m_shared->blocks(), beginOf(block));
}

bool View::stateKnownBefore(BlockNumber block) const {
    return m_checkpoint.stateTo && block <= *m_checkpoint.stateTo + 1;
}

Result<std::vector<VersionRow>> View::history(std::int64_t key, Place before,
                                              std::size_t limit) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT place, what, metadata FROM versions WHERE key = "
                                           "? AND place < ? AND place >= 0 AND what & ? ORDER BY "
                                           "place DESC LIMIT ?"));
    statement.bind(key, before, what::kValue | what::kDelete, limit);
    std::vector<VersionRow> rows;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        rows.push_back({row.integer(0), row.integer(1), row.integer(2)});
    }));
    return rows;
}

Result<std::vector<KeyRecord>> View::keys(std::int64_t space, BytesView prefix, Place before,
                                          std::size_t limit) const {
    constexpr std::int64_t kPage = 512;
    std::vector<KeyRecord> keys;
    const StateQueries queries = state();
    Bytes from(prefix);
    for (;;) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection->prepare("SELECT id, key FROM keys WHERE space = ? AND key "
                                               ">= ? ORDER BY key LIMIT ?"));
        statement.bind(space, store::Blob(from), kPage);
        std::vector<KeyRecord> page;
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            page.push_back({row.integer(0), Bytes(row.blob(1))});
        }));
        for (const KeyRecord& record : page) {
            if (!record.key.starts_with(prefix) || keys.size() >= limit) return keys;
            ASSIGN_OR_RETURN(const auto row, queries.latest(record.id, before));
            if (row && row->exists()) keys.push_back(record);
        }
        if (static_cast<std::int64_t>(page.size()) < kPage) return keys;
        from = page.back().key + '\0';
    }
}

Result<std::vector<std::string>> View::names(NameKind kind) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT name FROM names WHERE kind = ? ORDER BY name"));
    statement.bind(static_cast<int>(kind));
    std::vector<std::string> names;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) { names.emplace_back(row.blob(0)); }));
    return names;
}

Result<std::vector<IdentityRecord>> View::identities() const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT msp, common_name, fingerprint, units FROM "
                                           "identities ORDER BY common_name, msp"));
    std::vector<IdentityRecord> identities;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        identities.push_back({std::string(row.blob(0)), std::string(row.blob(1)),
                              std::string(row.blob(2)), unitsOf(row.blob(3))});
    }));
    return identities;
}

Result<std::vector<std::string>> View::keysBeginning(BytesView prefix, std::size_t limit) const {
    ASSIGN_OR_RETURN(auto spaces,
                     m_connection->prepare("SELECT id FROM spaces WHERE collection = X''"));
    std::vector<std::int64_t> ids;
    RETURN_IF_ERROR(spaces.each([&](store::Row& row) { ids.push_back(row.integer(0)); }));
    std::vector<std::string> keys;
    for (const std::int64_t id : ids) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection->prepare("SELECT key FROM keys WHERE space = ? AND key >= ? "
                                               "ORDER BY key LIMIT ?"));
        statement.bind(id, store::Blob(prefix), limit);
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            if (row.blob(0).starts_with(prefix)) keys.emplace_back(row.blob(0));
        }));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    if (keys.size() > limit) keys.resize(limit);
    return keys;
}

Result<std::vector<std::pair<std::string, std::pair<std::uint64_t, std::uint64_t>>>> View::calls()
    const {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection->prepare(
            "SELECT n.name, c.calls, c.refused FROM (SELECT contract, count(*) AS calls, "
            "sum(coalesce(code, computed, 0) <> 0) AS refused FROM transactions "
            "WHERE contract IS NOT NULL GROUP BY contract) c JOIN names n ON n.id = c.contract"));
    std::vector<std::pair<std::string, std::pair<std::uint64_t, std::uint64_t>>> calls;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        calls.push_back(
            {std::string(row.blob(0)), {row.unsignedInteger(1), row.unsignedInteger(2)}});
    }));
    return calls;
}

Result<std::vector<KeyCounts>> View::busiestKeys(std::size_t limit) const {
    // Both tables are in the order of the keys, so each is counted in one pass.
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection->prepare(fmt::format(
            "WITH counts AS (SELECT key, sum(writes) AS writes, sum(reads) AS reads FROM ("
            "SELECT key, sum((what & {0}) <> 0) AS writes, sum(what & 1) AS reads FROM versions "
            "WHERE place >= 0 GROUP BY key UNION ALL "
            "SELECT key, 0, sum(what & 1) FROM touches GROUP BY key) GROUP BY key) "
            "SELECT s.contract, k.key, c.writes, c.reads FROM counts c JOIN keys k ON k.id = c.key "
            "JOIN spaces s ON s.id = k.space WHERE c.writes + c.reads > 0 AND s.collection = X'' "
            "AND s.contract NOT IN "
            "(X'', CAST(? AS BLOB), CAST(? AS BLOB)) "
            "ORDER BY c.writes + c.reads DESC, s.contract, k.key LIMIT ?",
            what::kValue | what::kDelete)));
    statement.bind(protocol::kLifecycleNamespace, protocol::kLegacyLifecycleNamespace, limit);
    std::vector<KeyCounts> keys;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        keys.push_back({std::string(row.blob(0)), Bytes(row.blob(1)), row.unsignedInteger(2),
                        row.unsignedInteger(3)});
    }));
    return keys;
}

Result<std::uint64_t> View::keysOf(std::string_view contract) const {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection->prepare(fmt::format(
            "SELECT count(*) FROM keys k WHERE k.space = (SELECT id FROM spaces WHERE contract = ? "
            "AND collection = X'') AND (SELECT v.what & {} FROM versions v WHERE v.key = k.id "
            "ORDER BY v.place DESC LIMIT 1) = 0",
            what::kGone)));
    statement.bind(store::Blob(contract));
    ASSIGN_OR_RETURN(const auto count,
                     statement.first([](store::Row& row) { return row.unsignedInteger(0); }));
    return count.value_or(0);
}

Result<std::vector<std::pair<Place, std::optional<verify::Cause>>>> View::refused(
    std::size_t limit) const {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection->prepare("SELECT t.place, c.cause FROM transactions t LEFT JOIN causes c ON "
                              "c.place = t.place WHERE coalesce(t.code, t.computed, 0) <> 0 "
                              "ORDER BY t.place LIMIT ?"));
    statement.bind(limit);
    std::vector<std::pair<Place, std::optional<verify::Cause>>> rows;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        rows.emplace_back(row.integer(0), row.isNull(1) ? std::nullopt : decodeCause(row.blob(1)));
    }));
    return rows;
}

}  // namespace chancery::index
