#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Numbers that stand for namespaces in the database. Thread-safe.
class Namespaces {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE namespaces (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);";

    Status load(store::Connection& connection);

    /// Nothing for a namespace that never had a key.
    std::optional<std::int64_t> find(std::string_view name) const;
    /// Makes one when there is none, within the writer's transaction. When that fails the database
    /// must be opened anew.
    Result<std::int64_t> add(store::Connection& writer, std::string_view name);
    /// Empty when unknown.
    std::string name(std::int64_t id) const;
    /// Sorted by name.
    std::map<std::string, std::int64_t, std::less<>> all() const;

private:
    mutable std::shared_mutex m_mutex;
    std::map<std::string, std::int64_t, std::less<>> m_ids;
    std::map<std::int64_t, std::string> m_names;
};

}  // namespace chancery::node
