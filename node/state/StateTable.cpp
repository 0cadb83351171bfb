#include "node/state/StateTable.h"

#include <deque>

namespace chancery::node {
namespace {

using protocol::Version;
using store::Blob;
using store::Row;

constexpr std::size_t kFirstBatch = 128;  // a contract's page of 100 and the row that ends it
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

Bytes optionalBlob(Row& row, int column) {
    return row.isNull(column) ? Bytes() : Bytes(row.blob(column));
}

/// Rows of a range, taken in batches so that no statement stays open between calls. `Item` has a
/// `key`; `Read` makes it from a row and tells its size.
template <class Item, class Read>
class Batches {
public:
    Batches(store::Connection& connection, std::string_view columns, std::int64_t ns,
            std::string_view start, std::string_view end, Read read)
        : m_connection(connection),
          m_ns(ns),
          m_from(start),
          m_end(end),
          m_first(query(columns, ">=", !end.empty())),
          m_next(query(columns, ">", !end.empty())),
          m_read(std::move(read)) {}

    Result<std::optional<Item>> next() {
        if (m_batch.empty() && !m_isDone) RETURN_IF_ERROR(fill());
        if (m_batch.empty()) return std::optional<Item>();
        std::optional<Item> item = std::move(m_batch.front());
        m_batch.pop_front();
        return item;
    }

private:
    static std::string query(std::string_view columns, std::string_view from, bool hasEnd) {
        return fmt::format("SELECT {} FROM state WHERE ns = ? AND key {} ?{} ORDER BY key LIMIT ?",
                           columns, from, hasEnd ? " AND key < ?" : "");
    }
    Status fill() {
        ASSIGN_OR_RETURN(auto statement, m_connection.prepare(m_hasStarted ? m_next : m_first));
        const auto limit = static_cast<std::int64_t>(m_size);
        if (m_end.empty())
            statement.bind(m_ns, Blob(m_from), limit);
        else
            statement.bind(m_ns, Blob(m_from), Blob(m_end), limit);
        std::size_t bytes = 0;
        RETURN_IF_ERROR(statement.each([&](Row& row) { m_batch.push_back(m_read(row, bytes)); }));
        m_isDone = m_batch.size() < m_size;
        m_hasStarted = true;
        if (!m_batch.empty()) m_from = m_batch.back().key;
        m_size = bytes > kBatchBytes ? std::max<std::size_t>(m_size / 4, 4) : m_size;
        return absl::OkStatus();
    }

    store::Connection& m_connection;
    std::int64_t m_ns;
    std::string m_from, m_end;
    std::string m_first, m_next;
    Read m_read;
    std::deque<Item> m_batch;
    std::size_t m_size = kFirstBatch;
    bool m_hasStarted = false;
    bool m_isDone = false;
};

struct KeyAndVersion {
    std::string key;
    Version version;
};

KeyAndVersion readKey(Row& row, std::size_t& bytes) {
    KeyAndVersion out{std::string(row.blob(0)), {row.unsignedInteger(1), row.unsignedInteger(2)}};
    bytes += out.key.size();
    return out;
}

StateRow readRow(Row& row, std::size_t& bytes) {
    StateRow out{std::string(row.blob(0)),
                 {Bytes(row.blob(3)),
                  optionalBlob(row, 4),
                  {row.unsignedInteger(1), row.unsignedInteger(2)}}};
    bytes += out.key.size() + out.value.value.size() + out.value.metadata.size();
    return out;
}

class Cursor final : public verify::StateCursor {
public:
    Cursor(store::Connection& connection, std::int64_t ns, std::string_view start,
           std::string_view end)
        : m_rows(connection, "key, block, tx", ns, start, end, readKey) {}

    Result<std::optional<verify::StateItem>> next() override {
        ASSIGN_OR_RETURN(m_current, m_rows.next());
        if (!m_current) return std::optional<verify::StateItem>();
        return std::optional(verify::StateItem{m_current->key, m_current->version});
    }

private:
    Batches<KeyAndVersion, decltype(&readKey)> m_rows;
    std::optional<KeyAndVersion> m_current;
};

class Scan final : public StateScan {
public:
    Scan(store::Connection& connection, std::int64_t ns, std::string_view start,
         std::string_view end)
        : m_rows(connection, "key, block, tx, value, metadata", ns, start, end, readRow) {}

    Result<std::optional<StateRow>> next() override { return m_rows.next(); }

private:
    Batches<StateRow, decltype(&readRow)> m_rows;
};

class NoKeys final : public verify::StateCursor {
public:
    Result<std::optional<verify::StateItem>> next() override {
        return std::optional<verify::StateItem>();
    }
};
class NoRows final : public StateScan {
public:
    Result<std::optional<StateRow>> next() override { return std::optional<StateRow>(); }
};

}  // namespace

Result<std::optional<verify::StateValue>> StateTable::get(std::string_view ns,
                                                          std::string_view key) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return std::optional<verify::StateValue>();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare(
                         "SELECT value, metadata, block, tx FROM state WHERE ns = ? AND key = ?"));
    return statement.bind(*id, Blob(key)).first([](Row& row) {
        return verify::StateValue{Bytes(row.blob(0)),
                                  optionalBlob(row, 1),
                                  {row.unsignedInteger(2), row.unsignedInteger(3)}};
    });
}

Result<std::optional<Version>> StateTable::version(std::string_view ns,
                                                   std::string_view key) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return std::optional<Version>();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT block, tx FROM state WHERE ns = ? AND key = ?"));
    return statement.bind(*id, Blob(key)).first([](Row& row) {
        return Version{row.unsignedInteger(0), row.unsignedInteger(1)};
    });
}

Result<Bytes> StateTable::metadata(std::string_view ns, std::string_view key) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return Bytes();
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT metadata FROM state WHERE ns = ? AND key = ?"));
    ASSIGN_OR_RETURN(auto found, statement.bind(*id, Blob(key)).first([](Row& row) {
        return optionalBlob(row, 0);
    }));
    return std::move(found).value_or(Bytes());
}

Result<std::unique_ptr<verify::StateCursor>> StateTable::range(std::string_view ns,
                                                               std::string_view start,
                                                               std::string_view end) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return std::unique_ptr<verify::StateCursor>(std::make_unique<NoKeys>());
    return std::unique_ptr<verify::StateCursor>(
        std::make_unique<Cursor>(m_connection, *id, start, end));
}

Result<std::unique_ptr<StateScan>> StateTable::scan(std::string_view ns, std::string_view start,
                                                    std::string_view end) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return std::unique_ptr<StateScan>(std::make_unique<NoRows>());
    return std::unique_ptr<StateScan>(std::make_unique<Scan>(m_connection, *id, start, end));
}

Result<std::int64_t> StateTable::historyOf(std::string_view ns, std::string_view key) const {
    const auto id = m_namespaces.find(ns);
    if (!id) return 0;
    for (const std::string_view sql : {"SELECT history FROM state WHERE ns = ? AND key = ?",
                                       "SELECT history FROM deleted WHERE ns = ? AND key = ?"}) {
        ASSIGN_OR_RETURN(auto statement, m_connection.prepare(sql));
        ASSIGN_OR_RETURN(const auto found, statement.bind(*id, Blob(key)).first([](Row& row) {
            return row.integer(0);
        }));
        if (found) return *found;
    }
    return 0;
}

}  // namespace chancery::node
