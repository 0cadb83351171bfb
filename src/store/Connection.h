#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "src/base/Status.h"
#include "src/store/Statement.h"

namespace chancery::store {

enum class OpenMode {
    ReadOnly,   ///< writes are refused
    ReadWrite,  ///< the file must be there
    Create      ///< made when missing, readable by its owner only
};

struct OpenOptions {
    OpenMode mode = OpenMode::Create;
    /// How long a statement waits for another connection's lock before DATABASE_BUSY.
    std::chrono::milliseconds busyTimeout{5000};
    /// Walks the whole file at open (about a second per gigabyte). Off only where another check
    /// stands for it.
    bool quickCheck = true;
    /// Every commit is on disk when it returns. Without, a power failure may take back the last
    /// ones, whole and in order; for what can be made again from elsewhere.
    bool syncCommits = true;
    /// Pages kept in memory, in KiB.
    int cacheKiB = 2000;
    /// Pages that the write-ahead log collects before they move into the database file.
    int checkpointPages = 20'000;
    /// Cap of the file in pages of 4 KiB; 0 means none.
    std::uint32_t maxPages = 0;
};

/// One SQLite database as this project uses it: write-ahead log, every commit synced, foreign keys
/// on, nothing in the file trusted. One thread at a time; several connections to one file may work
/// at the same time.
///
/// Errors, here and in statements: DATA_LOSS (DATABASE_DAMAGED, NOT_A_DATABASE, WRONG_COLUMN_TYPE,
/// STORE_IO_ERROR), RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE (DATABASE_BUSY), PERMISSION_DENIED
/// (DATABASE_READ_ONLY, CANNOT_OPEN), ALREADY_EXISTS (DUPLICATE_ROW), FAILED_PRECONDITION
/// (CONSTRAINT), CANCELLED (INTERRUPTED), NOT_FOUND (CANNOT_OPEN), INTERNAL (BAD_SQL). Each carries
/// the argument `path`. After STORE_IO_ERROR nothing is known about what reached the disk: close
/// the connection.
class Connection {
public:
    /// A link in place of the file is refused.
    static Result<Connection> open(const std::filesystem::path& path,
                                   const OpenOptions& options = {});
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    /// One statement, from the cache when it was used before. It must end before the connection
    /// does.
    Result<Statement> prepare(std::string_view sql);
    /// Any number of statements without parameters and without rows.
    Status execute(std::string_view sql);

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    std::int64_t changes() const;
    std::int64_t lastRowId() const;
    bool inTransaction() const;

    /// From the next transaction on, see OpenOptions::syncCommits. Not within a transaction.
    Status setSyncCommits(bool sync);

    /// DATABASE_DAMAGED with what SQLite found first.
    Status quickCheck();
    /// Moves the whole write-ahead log into the file and empties it.
    Status checkpoint();
    /// Makes the statement that runs now in this connection end with INTERRUPTED. From any thread.
    void interrupt();

    const std::filesystem::path& path() const;

    struct Impl;

private:
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::store
