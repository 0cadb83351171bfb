#include "node/state/Namespaces.h"

#include <mutex>

namespace chancery::node {

Status Namespaces::load(store::Connection& connection) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare("SELECT id, name FROM namespaces"));
    const std::unique_lock lock(m_mutex);
    return statement.each([&](store::Row& row) {
        const std::int64_t id = row.integer(0);
        std::string name(row.blob(1));
        m_names.emplace(id, name);
        m_ids.emplace(std::move(name), id);
    });
}

std::optional<std::int64_t> Namespaces::find(std::string_view name) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_ids.find(name);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

Result<std::int64_t> Namespaces::add(store::Connection& writer, std::string_view name) {
    if (const auto known = find(name)) return *known;
    ASSIGN_OR_RETURN(auto statement, writer.prepare("INSERT INTO namespaces(name) VALUES(?)"));
    RETURN_IF_ERROR(statement.bind(store::Blob(name)).run());
    const std::int64_t id = writer.lastRowId();
    const std::unique_lock lock(m_mutex);
    m_ids.emplace(name, id);
    m_names.emplace(id, name);
    return id;
}

std::string Namespaces::name(std::int64_t id) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_names.find(id);
    return found == m_names.end() ? std::string() : found->second;
}

std::map<std::string, std::int64_t, std::less<>> Namespaces::all() const {
    const std::shared_lock lock(m_mutex);
    return m_ids;
}

}  // namespace chancery::node
