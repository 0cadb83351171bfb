#pragma once

#include <string>
#include <utility>

#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::store {

/// All or nothing: what is not committed is rolled back when the object goes. One per connection at
/// a time.
class Transaction {
public:
    enum class Kind {
        Read,  ///< one unchanging view of the database for all reads
        Write  ///< takes the write lock at once, so that only `begin` can find the database busy
    };
    static Result<Transaction> begin(Connection& connection, Kind kind = Kind::Write);
    Transaction(Transaction&& other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    /// On disk when this returns OK. On an error nothing of it is.
    Status commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;  // null when there is nothing to roll back
};

/// A part of a transaction that can be undone alone. Savepoints nest; the inner one ends first.
class Savepoint {
public:
    static Result<Savepoint> begin(Connection& connection);
    Savepoint(Savepoint&& other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Savepoint& operator=(Savepoint&&) = delete;
    ~Savepoint();

    /// Keeps what was done since `begin`, as part of the transaction around it.
    Status release();

private:
    explicit Savepoint(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace chancery::store
