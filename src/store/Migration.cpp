#include "src/store/Migration.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>
#include <memory>

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

// Names of tables and indexes, and the SQL that makes them.
using Objects = std::map<std::string, std::string, std::less<>>;

constexpr const char* kObjects = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL";

// What the steps make of nothing, tried in memory.
Result<Objects> expectedObjects(const Schema& schema) {
    sqlite3* opened = nullptr;
    const int result =
        sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle(opened, sqlite3_close);
    Objects objects;
    const auto run = [&](const std::string& sql) {
        return sqlite3_exec(
                   handle.get(), sql.c_str(),
                   [](void* into, int, char** values, char**) {
                       static_cast<Objects*>(into)->emplace(values[0], values[1]);
                       return 0;
                   },
                   &objects, nullptr) == SQLITE_OK;
    };
    bool done = result == SQLITE_OK;
    for (const std::string_view step : schema.steps) done = done && run(std::string(step));
    objects.clear();  // rows that a step happens to read
    if (done && run(kObjects)) return objects;
    return makeError(StatusCode::kInternal, "BAD_SQL",
                     fmt::format("the steps of a schema do not run: {}",
                                 handle ? sqlite3_errmsg(handle.get()) : "no memory"));
}

// Further objects are the affair of whoever made them.
Status checkObjects(Connection& connection, const Schema& schema) {
    ASSIGN_OR_RETURN(const Objects expected, expectedObjects(schema));
    Objects found;
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(kObjects));
    RETURN_IF_ERROR(statement.each(
        [&](Row& row) { found.emplace(std::string(row.text(0)), std::string(row.text(1))); }));
    for (const auto& [name, sql] : expected) {
        const auto object = found.find(name);
        if (object != found.end() && object->second == sql) continue;
        return makeError(
            StatusCode::kFailedPrecondition, "OTHER_SCHEMA",
            fmt::format("{} was written by another version of this program ('{}' in it is {})",
                        connection.path().string(), name,
                        object == found.end() ? "missing" : "laid out in another way"),
            {{"path", connection.path().string()}, {"table", name}});
    }
    return absl::OkStatus();
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
    return checkObjects(connection, schema);
}

}  // namespace chancery::store
