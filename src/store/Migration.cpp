#include "src/store/Migration.h"

#include <fmt/format.h>

#include "src/store/Transaction.h"

namespace chancery::store {
namespace {

Result<std::int64_t> number(Connection& connection, std::string_view query) {
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(query));
    ASSIGN_OR_RETURN(const auto value, statement.first([](Row& row) { return row.integer(0); }));
    return value.value_or(0);
}

Status refuse(const Connection& connection, std::string_view reason, std::string_view sentence,
              std::int64_t found, std::int64_t supported) {
    return makeError(StatusCode::kFailedPrecondition, reason,
                     fmt::format("{} {}", connection.path().string(), sentence),
                     {{"path", connection.path().string()},
                      {"found", std::to_string(found)},
                      {"supported", std::to_string(supported)}});
}

// The version of a database of this kind; 0 for a new file. Within a transaction, so that the
// answers belong together.
Result<std::int64_t> versionOf(Connection& connection, const Schema& schema) {
    ASSIGN_OR_RETURN(const std::int64_t version, number(connection, "PRAGMA user_version"));
    ASSIGN_OR_RETURN(const std::int64_t kind, number(connection, "PRAGMA application_id"));
    ASSIGN_OR_RETURN(const std::int64_t objects,
                     number(connection, "SELECT count(*) FROM sqlite_schema"));
    const bool isNew = kind == 0 && version == 0 && objects == 0;
    if (!isNew && kind != schema.applicationId)
        return refuse(connection, "FOREIGN_DATABASE", "is a database of another kind", kind,
                      schema.applicationId);
    const auto newest = static_cast<std::int64_t>(schema.steps.size());
    if (version < 0 || version > newest)
        return refuse(connection, "NEWER_SCHEMA",
                      fmt::format("was written by a newer version of this program (its tables have "
                                  "version {}, this program knows {})",
                                  version, newest),
                      version, newest);
    return version;
}

// One step, unless another connection was faster. Gives the version afterwards.
Result<std::int64_t> advance(Connection& connection, const Schema& schema) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(connection));
    ASSIGN_OR_RETURN(const std::int64_t version, versionOf(connection, schema));
    const auto index = static_cast<std::size_t>(version);
    if (index == schema.steps.size()) return version;
    if (Status status = connection.execute(schema.steps[index]); !status.ok())
        return withContext(status, fmt::format("step to version {}", version + 1));
    RETURN_IF_ERROR(
        connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                       schema.applicationId, version + 1)));
    RETURN_IF_ERROR(transaction.commit());
    return version + 1;
}

}  // namespace

Status migrate(Connection& connection, const Schema& schema) {
    const auto newest = static_cast<std::int64_t>(schema.steps.size());
    std::int64_t version = 0;
    {
        ASSIGN_OR_RETURN(const auto view, Transaction::begin(connection, Transaction::Kind::Read));
        ASSIGN_OR_RETURN(version, versionOf(connection, schema));
    }
    while (version < newest) {
        Result<std::int64_t> next = advance(connection, schema);
        if (!next.ok() && reasonOf(next.status()) == "DATABASE_READ_ONLY")
            return refuse(connection, "OLDER_SCHEMA",
                          "was written by an older version and cannot be changed", version, newest);
        ASSIGN_OR_RETURN(version, std::move(next));
    }
    return absl::OkStatus();
}

}  // namespace chancery::store
