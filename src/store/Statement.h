#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

struct sqlite3_stmt;

namespace chancery::store {

struct ConnectionState;

/// Marks bytes that go into a blob column; plain strings go into text columns.
struct Blob {
    explicit Blob(BytesView bytes) : bytes(bytes) {}
    BytesView bytes;
};

/// The present row of a statement. Columns count from 0. Reading a column as a type that it does
/// not have gives an empty value and makes the statement fail with WRONG_COLUMN_TYPE, so values
/// need no check of their own. Views last until the function that received the row returns.
class Row {
public:
    std::int64_t integer(int column);
    /// As stored by binding an unsigned integer.
    std::uint64_t unsignedInteger(int column);
    double real(int column);
    std::string_view text(int column);
    BytesView blob(int column);
    bool isNull(int column) const;

private:
    friend class Statement;
    Row(sqlite3_stmt* handle, Status& status) : m_handle(handle), m_status(status) {}
    bool expect(int column, int type);

    sqlite3_stmt* m_handle;
    Status& m_status;
};

/// A prepared statement, lent by its connection and given back to its cache at the end. Same thread
/// as the connection. An error of `bind` is kept and returned by the `run`, `each` or `first`
/// behind it, which then does nothing; afterwards the statement may be bound and run again.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    /// Values for all parameters in their order: integers, double, bool, strings (text), Blob,
    /// nullptr, std::optional of these. They are copied. Unsigned integers above 2^63 - 1 are
    /// refused (OUT_OF_RANGE, NUMBER_TOO_LARGE).
    template <class... Values>
    Statement& bind(const Values&... values) {
        start(sizeof...(Values));
        int index = 0;
        (bindOne(++index, values), ...);
        return *this;
    }

    /// Runs to the end; rows, if any, are passed over.
    Status run();

    /// body(Row&) for each row; it returns nothing or a Status that ends the loop.
    template <class Body>
    Status each(Body&& body) {
        while (step()) {
            Row row(m_handle, m_status);
            if constexpr (std::is_void_v<std::invoke_result_t<Body&, Row&>>) {
                body(row);
            } else if (Status status = body(row); !status.ok()) {
                m_status = std::move(status);
            }
        }
        return finish();
    }

    /// body(Row&) for the first row; nothing when there is none.
    template <class Body>
    auto first(Body&& body) -> Result<std::optional<std::invoke_result_t<Body&, Row&>>> {
        std::optional<std::invoke_result_t<Body&, Row&>> value;
        if (step()) {
            Row row(m_handle, m_status);
            value = body(row);
        }
        if (Status status = finish(); !status.ok()) return status;
        return value;
    }

private:
    friend class Connection;
    Statement(ConnectionState& connection, sqlite3_stmt* handle)
        : m_connection(&connection), m_handle(handle) {}

    void start(std::size_t values);
    bool step();
    Status finish();

    void bindInteger(int index, std::int64_t value);
    void bindUnsigned(int index, std::uint64_t value);
    void bindOne(int index, double value);
    void bindOne(int index, std::string_view value);
    void bindOne(int index, Blob value);
    void bindOne(int index, std::nullptr_t);
    void bindOne(int index, const std::string& value) { bindOne(index, std::string_view(value)); }
    void bindOne(int index, const char* value) { bindOne(index, std::string_view(value)); }
    template <std::integral Value>
    void bindOne(int index, Value value) {
        if constexpr (std::is_signed_v<Value> || std::is_same_v<Value, bool>)
            bindInteger(index, value);
        else
            bindUnsigned(index, value);
    }
    template <class Value>
    void bindOne(int index, const std::optional<Value>& value) {
        if (value)
            bindOne(index, *value);
        else
            bindOne(index, nullptr);
    }
    void take(int result);
    void giveBack();

    ConnectionState* m_connection;
    sqlite3_stmt* m_handle;
    Status m_status;
};

}  // namespace chancery::store
