#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::store {

/// How the tables of one kind of database came to be. A step that was published is never changed;
/// new ones are added.
struct Schema {
    /// Written into the file, so that a database of another kind is not mistaken for this one. Not
    /// 0.
    std::int32_t applicationId;
    /// Step i leads from version i to version i + 1; any number of SQL statements.
    std::span<const std::string_view> steps;
};

/// Brings the database to the newest version, each step in a transaction of its own. A read-only
/// connection must find it there. FAILED_PRECONDITION: NEWER_SCHEMA (arguments `found`,
/// `supported`) when a newer program wrote it, OLDER_SCHEMA when it cannot be brought forward
/// read-only, FOREIGN_DATABASE when it is of another kind, OTHER_SCHEMA (argument `table`) when its
/// tables are not what the steps make: a program between two published versions wrote it.
Status migrate(Connection& connection, const Schema& schema);

}  // namespace chancery::store
