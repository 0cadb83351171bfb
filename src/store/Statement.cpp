#include "src/store/Statement.h"

#include <sqlite3.h>

#include <fmt/format.h>
#include <limits>

#include "src/store/ConnectionState.h"

namespace chancery::store {

Statement::Statement(Statement&& other) noexcept
    : m_connection(other.m_connection),
      m_handle(std::exchange(other.m_handle, nullptr)),
      m_status(std::move(other.m_status)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    if (this != &other) {
        giveBack();
        m_connection = other.m_connection;
        m_handle = std::exchange(other.m_handle, nullptr);
        m_status = std::move(other.m_status);
    }
    return *this;
}

Statement::~Statement() {
    giveBack();
}

void Statement::giveBack() {
    if (m_handle != nullptr) m_connection->giveBack(std::exchange(m_handle, nullptr));
}

void Statement::take(int result) {
    if (result != SQLITE_OK && m_status.ok())
        m_status = m_connection->error(result, "cannot bind a value in");
}

void Statement::start(std::size_t values) {
    const int wanted = ::sqlite3_bind_parameter_count(m_handle);
    if (static_cast<std::size_t>(wanted) != values && m_status.ok())
        m_status = m_connection->badSql(
            fmt::format("the statement has {} parameters, not {}", wanted, values));
}

void Statement::bindInteger(int index, std::int64_t value) {
    take(::sqlite3_bind_int64(m_handle, index, value));
}

void Statement::bindUnsigned(int index, std::uint64_t value) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value > kMax) {
        if (m_status.ok())
            m_status = makeError(StatusCode::kOutOfRange, "NUMBER_TOO_LARGE",
                                 fmt::format("{} is too large for a database column", value),
                                 {{"value", std::to_string(value)}});
        return;
    }
    bindInteger(index, static_cast<std::int64_t>(value));
}

void Statement::bindOne(int index, double value) {
    take(::sqlite3_bind_double(m_handle, index, value));
}

// An empty view may have no address, which SQLite would take for NULL.
void Statement::bindOne(int index, std::string_view value) {
    take(::sqlite3_bind_text64(m_handle, index, value.empty() ? "" : value.data(), value.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bindOne(int index, Blob value) {
    take(::sqlite3_bind_blob64(m_handle, index, value.bytes.empty() ? "" : value.bytes.data(),
                               value.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bindOne(int index, std::nullptr_t) {
    take(::sqlite3_bind_null(m_handle, index));
}

bool Statement::step() {
    if (!m_status.ok()) return false;
    const int result = ::sqlite3_step(m_handle);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) m_status = m_connection->error(result, "cannot work on");
    return false;
}

Status Statement::finish() {
    ::sqlite3_reset(m_handle);
    return std::exchange(m_status, absl::OkStatus());
}

Status Statement::run() {
    while (step()) continue;
    return finish();
}

bool Row::expect(int column, int type) {
    const int found = ::sqlite3_column_type(m_handle, column);
    if (found == type) return true;
    if (m_status.ok())
        m_status = makeError(StatusCode::kDataLoss, "WRONG_COLUMN_TYPE",
                             fmt::format("column {} ({}) has type {}, not {}", column,
                                         column < ::sqlite3_column_count(m_handle)
                                             ? ::sqlite3_column_name(m_handle, column)
                                             : "not there",
                                         found, type),
                             {{"column", std::to_string(column)}});
    return false;
}

std::int64_t Row::integer(int column) {
    return expect(column, SQLITE_INTEGER) ? ::sqlite3_column_int64(m_handle, column) : 0;
}

std::uint64_t Row::unsignedInteger(int column) {
    const std::int64_t value = integer(column);
    if (value >= 0) return static_cast<std::uint64_t>(value);
    if (m_status.ok())
        m_status = makeError(StatusCode::kDataLoss, "WRONG_COLUMN_TYPE",
                             fmt::format("column {} is negative", column),
                             {{"column", std::to_string(column)}});
    return 0;
}

double Row::real(int column) {
    return expect(column, SQLITE_FLOAT) ? ::sqlite3_column_double(m_handle, column) : 0;
}

std::string_view Row::text(int column) {
    if (!expect(column, SQLITE_TEXT)) return {};
    const auto* text = reinterpret_cast<const char*>(::sqlite3_column_text(m_handle, column));
    return {text != nullptr ? text : "",
            static_cast<std::size_t>(::sqlite3_column_bytes(m_handle, column))};
}

BytesView Row::blob(int column) {
    if (!expect(column, SQLITE_BLOB)) return {};
    const auto* bytes = static_cast<const char*>(::sqlite3_column_blob(m_handle, column));
    return {bytes != nullptr ? bytes : "",
            static_cast<std::size_t>(::sqlite3_column_bytes(m_handle, column))};
}

bool Row::isNull(int column) const {
    return ::sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

}  // namespace chancery::store
