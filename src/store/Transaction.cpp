#include "src/store/Transaction.h"

namespace chancery::store {
namespace {

// Through the cache: these run for every transaction.
Status run(Connection& connection, std::string_view sql) {
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(sql));
    return statement.run();
}

}  // namespace

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
    RETURN_IF_ERROR(run(connection, kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(connection);
}

Transaction::~Transaction() {
    // After some errors SQLite has rolled back by itself.
    if (m_connection != nullptr && m_connection->inTransaction())
        run(*m_connection, "ROLLBACK").IgnoreError();
}

Status Transaction::commit() {
    if (m_connection == nullptr || !m_connection->inTransaction())
        return makeError(StatusCode::kFailedPrecondition, "NO_TRANSACTION",
                         "the transaction has ended already");
    RETURN_IF_ERROR(run(*m_connection, "COMMIT"));
    m_connection = nullptr;
    return absl::OkStatus();
}

Result<Savepoint> Savepoint::begin(Connection& connection) {
    if (!connection.inTransaction())
        return makeError(StatusCode::kFailedPrecondition, "NO_TRANSACTION",
                         "a savepoint needs a transaction around it");
    RETURN_IF_ERROR(run(connection, "SAVEPOINT part"));
    return Savepoint(connection);
}

Savepoint::~Savepoint() {
    if (m_connection == nullptr || !m_connection->inTransaction()) return;
    run(*m_connection, "ROLLBACK TO part").IgnoreError();
    run(*m_connection, "RELEASE part").IgnoreError();
}

Status Savepoint::release() {
    if (m_connection == nullptr || !m_connection->inTransaction())
        return makeError(StatusCode::kFailedPrecondition, "NO_TRANSACTION",
                         "the transaction around the savepoint has ended already");
    RETURN_IF_ERROR(run(*m_connection, "RELEASE part"));
    m_connection = nullptr;
    return absl::OkStatus();
}

}  // namespace chancery::store
