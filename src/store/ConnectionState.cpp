#include "src/store/ConnectionState.h"

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>

namespace chancery::store {
namespace {

constexpr std::size_t kMaxIdle = 64;

struct Meaning {
    StatusCode code;
    const char* reason;
};

Meaning constraintMeaning(int extended) {
    if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
        extended == SQLITE_CONSTRAINT_ROWID)
        return {StatusCode::kAlreadyExists, "DUPLICATE_ROW"};
    return {StatusCode::kFailedPrecondition, "CONSTRAINT"};
}

// SQLite calls a disk full only on ENOSPC; a used-up quota or a file that may not grow is no
// different for a user. The number stands with the file that could not be written: the database or
// its log.
bool wasFull(sqlite3* handle) {
    sqlite3_file* files[] = {nullptr, nullptr};
    ::sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &files[0]);
    ::sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &files[1]);
    for (sqlite3_file* file : files) {
        int error = 0;
        if (file == nullptr || file->pMethods == nullptr) continue;
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
        if (error == ENOSPC || error == EDQUOT || error == EFBIG) return true;
    }
    return false;
}

Meaning meaningOf(int extended, sqlite3* handle) {
    switch (extended & 0xFF) {
        case SQLITE_CORRUPT:
            return {StatusCode::kDataLoss, "DATABASE_DAMAGED"};
        case SQLITE_NOTADB:
            return {StatusCode::kDataLoss, "NOT_A_DATABASE"};
        case SQLITE_FULL:
            return {StatusCode::kResourceExhausted, "DISK_FULL"};
        case SQLITE_IOERR:
            if (extended == SQLITE_IOERR_WRITE && wasFull(handle))
                return {StatusCode::kResourceExhausted, "DISK_FULL"};
            if (extended == SQLITE_IOERR_NOMEM)
                return {StatusCode::kResourceExhausted, "OUT_OF_MEMORY"};
            // A page that is not as long as it should be was cut off, whatever cut it.
            if (extended == SQLITE_IOERR_SHORT_READ)
                return {StatusCode::kDataLoss, "DATABASE_DAMAGED"};
            return {StatusCode::kDataLoss, "STORE_IO_ERROR"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return {StatusCode::kUnavailable, "DATABASE_BUSY"};
        case SQLITE_READONLY:
            return {StatusCode::kPermissionDenied, "DATABASE_READ_ONLY"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {StatusCode::kPermissionDenied, "CANNOT_OPEN"};
        case SQLITE_CANTOPEN:
            return {::sqlite3_system_errno(handle) == ENOENT ? StatusCode::kNotFound
                                                             : StatusCode::kPermissionDenied,
                    "CANNOT_OPEN"};
        case SQLITE_CONSTRAINT:
            return constraintMeaning(extended);
        case SQLITE_MISMATCH:  // a key that is no number
            return {StatusCode::kFailedPrecondition, "CONSTRAINT"};
        case SQLITE_INTERRUPT:
            return {StatusCode::kCancelled, "INTERRUPTED"};
        case SQLITE_NOMEM:
            return {StatusCode::kResourceExhausted, "OUT_OF_MEMORY"};
        case SQLITE_TOOBIG:
            return {StatusCode::kInvalidArgument, "VALUE_TOO_LARGE"};
        default:
            return {StatusCode::kInternal, "BAD_SQL"};
    }
}

}  // namespace

ConnectionState::~ConnectionState() {
    for (sqlite3_stmt* statement : idle) ::sqlite3_finalize(statement);
    ::sqlite3_close(handle);
}

Status ConnectionState::error(int result, std::string_view doing) const {
    // Without memory there is not even a handle.
    const Meaning meaning = meaningOf(handle != nullptr ? result : SQLITE_NOMEM, handle);
    return makeError(
        meaning.code, meaning.reason,
        fmt::format("{} {}: {}", doing, path.string(),
                    handle != nullptr ? ::sqlite3_errmsg(handle) : ::sqlite3_errstr(result)),
        {{"path", path.string()}, {"sqlite", std::to_string(result)}});
}

Status ConnectionState::badSql(std::string_view sentence) const {
    return makeError(StatusCode::kInternal, "BAD_SQL", sentence, {{"path", path.string()}});
}

Result<sqlite3_stmt*> ConnectionState::prepare(std::string_view sql) {
    const auto found = std::find_if(idle.rbegin(), idle.rend(), [&](sqlite3_stmt* statement) {
        return ::sqlite3_sql(statement) == sql;
    });
    if (found != idle.rend()) {
        sqlite3_stmt* statement = *found;
        idle.erase(std::next(found).base());
        return statement;
    }
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int result = ::sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &statement, &rest);
    if (result != SQLITE_OK) return error(result, "cannot prepare a statement for");
    if (statement == nullptr) return badSql("there is no statement in the text");
    if (rest != sql.data() + sql.size()) {
        ::sqlite3_finalize(statement);
        return badSql("there is more than one statement in the text");
    }
    return statement;
}

void ConnectionState::giveBack(sqlite3_stmt* statement) {
    ::sqlite3_reset(statement);
    ::sqlite3_clear_bindings(statement);
    if (idle.size() == kMaxIdle) {
        ::sqlite3_finalize(idle.front());
        idle.erase(idle.begin());
    }
    idle.push_back(statement);
}

}  // namespace chancery::store
