#include "src/store/Connection.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/store/ConnectionState.h"

namespace chancery::store {

struct Connection::Impl : ConnectionState {
    using ConnectionState::ConnectionState;
};

namespace {

constexpr int kMaxValueBytes = 256 << 20;

// Links on the way to the folder are the user's own affair, a link in place of the file is not.
Result<std::filesystem::path> resolved(const std::filesystem::path& path) {
    std::error_code error;
    const auto folder = std::filesystem::canonical(
        path.has_parent_path() ? path.parent_path() : std::filesystem::path("."), error);
    if (error)
        return makeError(StatusCode::kNotFound, "CANNOT_OPEN",
                         fmt::format("cannot open {}: {}", path.string(), error.message()),
                         {{"path", path.string()}});
    return folder / path.filename();
}

// The first row's first column of a pragma.
Result<std::string> answer(Connection& connection, std::string_view pragma) {
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(pragma));
    ASSIGN_OR_RETURN(const auto value,
                     statement.first([](Row& row) { return std::string(row.text(0)); }));
    return value.value_or("");
}

void harden(sqlite3* handle) {
    // Calls that only flip switches of the handle; they fail for no reason that could be handled.
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    ::sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
}

Status setUp(Connection& connection, const OpenOptions& options) {
    RETURN_IF_ERROR(connection.execute(
        fmt::format("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = "
                    "0; PRAGMA cache_size = -{}",
                    options.cacheKiB)));
    if (options.mode != OpenMode::ReadOnly) {
        ASSIGN_OR_RETURN(const std::string mode, answer(connection, "PRAGMA journal_mode = WAL"));
        if (mode != "wal")
            return makeError(StatusCode::kFailedPrecondition, "CONSTRAINT",
                             fmt::format("{} cannot have a write-ahead log (it has '{}')",
                                         connection.path().string(), mode),
                             {{"path", connection.path().string()}});
        RETURN_IF_ERROR(connection.execute(
            fmt::format("PRAGMA fullfsync = ON; "
                        "PRAGMA checkpoint_fullfsync = ON; PRAGMA secure_delete = ON; "
                        "PRAGMA wal_autocheckpoint = {}",
                        options.checkpointPages)));
        RETURN_IF_ERROR(connection.setSyncCommits(options.syncCommits));
        if (options.maxPages != 0)
            RETURN_IF_ERROR(
                connection.execute(fmt::format("PRAGMA max_page_count = {}", options.maxPages)));
    }
    return options.quickCheck ? connection.quickCheck() : absl::OkStatus();
}

}  // namespace

Result<Connection> Connection::open(const std::filesystem::path& path, const OpenOptions& options) {
    ASSIGN_OR_RETURN(const std::filesystem::path file, resolved(path));
    if (options.mode == OpenMode::Create) {
        // SQLite would make it readable by all, and would not sync the folder.
        if (Status made = writeNewFile(file, "", 0600); !made.ok() && !absl::IsAlreadyExists(made))
            return made;
    }
    auto state = std::make_unique<Impl>(file);
    const int access =
        options.mode == OpenMode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int result = ::sqlite3_open_v2(file.c_str(), &state->handle,
                                         access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
                                             SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
                                         nullptr);
    if (result != SQLITE_OK) return state->error(result, "cannot open");
    harden(state->handle);
    ::sqlite3_busy_timeout(state->handle, static_cast<int>(options.busyTimeout.count()));
    Connection connection(std::move(state));
    RETURN_IF_ERROR(setUp(connection, options));
    return connection;
}

Connection::Connection(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Statement> Connection::prepare(std::string_view sql) {
    ASSIGN_OR_RETURN(sqlite3_stmt * handle, m_impl->prepare(sql));
    return Statement(*m_impl, handle);
}

Status Connection::execute(std::string_view sql) {
    const std::string text(sql);
    const int result = ::sqlite3_exec(m_impl->handle, text.c_str(), nullptr, nullptr, nullptr);
    return result == SQLITE_OK ? absl::OkStatus() : m_impl->error(result, "cannot work on");
}

std::int64_t Connection::changes() const {
    return ::sqlite3_changes64(m_impl->handle);
}

std::int64_t Connection::lastRowId() const {
    return ::sqlite3_last_insert_rowid(m_impl->handle);
}

bool Connection::inTransaction() const {
    return ::sqlite3_get_autocommit(m_impl->handle) == 0;
}

Status Connection::setSyncCommits(bool sync) {
    return execute(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

Status Connection::quickCheck() {
    ASSIGN_OR_RETURN(const std::string verdict, answer(*this, "PRAGMA quick_check(1)"));
    if (verdict == "ok") return absl::OkStatus();
    return makeError(StatusCode::kDataLoss, "DATABASE_DAMAGED",
                     fmt::format("{} is damaged: {}", path().string(), verdict),
                     {{"path", path().string()}, {"found", verdict}});
}

Status Connection::checkpoint() {
    const int result = ::sqlite3_wal_checkpoint_v2(m_impl->handle, nullptr,
                                                   SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    return result == SQLITE_OK ? absl::OkStatus() : m_impl->error(result, "cannot checkpoint");
}

void Connection::interrupt() {
    ::sqlite3_interrupt(m_impl->handle);
}

const std::filesystem::path& Connection::path() const {
    return m_impl->path;
}

}  // namespace chancery::store
