#include "node/ca/IdentityTable.h"

#include <nlohmann/json.hpp>

namespace chancery::node {
namespace {

using Json = nlohmann::json;
using store::Connection;
using store::Row;

constexpr std::string_view kIdentityColumns =
    "SELECT id, type, affiliation, attributes, secret, max_enrollments, per_profile, uses, "
    "tls_uses, revoked, failures FROM identity ";

std::string toText(const Attributes& attributes) {
    Json all = Json::array();
    for (const Attribute& one : attributes)
        all.push_back({{"name", one.name}, {"value", one.value}, {"ecert", one.inCertificate}});
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Attributes fromText(std::string_view text) {
    Attributes all;
    const Json parsed = Json::parse(text, nullptr, false);
    if (!parsed.is_array()) return all;
    for (const Json& one : parsed) {
        const auto name = one.is_object() ? one.find("name") : one.end();
        const auto value = one.is_object() ? one.find("value") : one.end();
        if (name == one.end() || value == one.end() || !name->is_string() || !value->is_string())
            continue;
        const auto ecert = one.find("ecert");
        all.push_back({name->get<std::string>(), value->get<std::string>(),
                       ecert != one.end() && *ecert == true});
    }
    return all;
}

IdentityRow readIdentity(Row& row) {
    return {.id = std::string(row.text(0)),
            .type = std::string(row.text(1)),
            .affiliation = std::string(row.text(2)),
            .attributes = fromText(row.text(3)),
            .secret = std::string(row.text(4)),
            .maxEnrollments = row.integer(5),
            .perProfile = row.integer(6) != 0,
            .uses = row.integer(7),
            .tlsUses = row.integer(8),
            .revoked = row.integer(9) != 0,
            .failures = row.integer(10)};
}

template <class... Values>
Status runOn(Connection& connection, std::string_view sql, const Values&... values) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare(sql));
    return statement.bind(values...).run();
}

template <class... Values>
Result<bool> exists(Connection& connection, std::string_view sql, const Values&... values) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare(sql));
    ASSIGN_OR_RETURN(const auto found,
                     statement.bind(values...).first([](Row& row) { return row.integer(0); }));
    return found.has_value();
}

}  // namespace

std::vector<std::string> affiliationPath(std::string_view affiliation) {
    std::vector<std::string> parts;
    if (affiliation.empty()) return parts;
    for (std::size_t at = 0; at <= affiliation.size();) {
        const std::size_t end = std::min(affiliation.find('.', at), affiliation.size());
        parts.emplace_back(affiliation.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

bool isBelow(std::string_view affiliation, std::string_view root) {
    if (root.empty() || affiliation == root) return true;
    return affiliation.size() > root.size() && affiliation.starts_with(root) &&
           affiliation[root.size()] == '.';
}

Result<std::optional<IdentityRow>> findIdentity(Connection& connection, const std::string& id) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare(std::string(kIdentityColumns) + "WHERE id = ?"));
    return statement.bind(id).first(readIdentity);
}

Status insertIdentity(Connection& connection, const IdentityRow& row) {
    return runOn(connection,
                 "INSERT INTO identity(id, type, affiliation, attributes, secret, max_enrollments, "
                 "per_profile) VALUES(?, ?, ?, ?, ?, ?, ?)",
                 row.id, row.type, row.affiliation, toText(row.attributes), row.secret,
                 row.maxEnrollments, row.perProfile);
}

Status updateIdentity(Connection& connection, const IdentityRow& row) {
    return runOn(connection,
                 "UPDATE identity SET type = ?, affiliation = ?, attributes = ?, secret = ?, "
                 "max_enrollments = ?, per_profile = ?, failures = CASE WHEN ? = 0 THEN 0 ELSE "
                 "failures END WHERE id = ?",
                 row.type, row.affiliation, toText(row.attributes), row.secret, row.maxEnrollments,
                 row.perProfile, row.failures, row.id);
}

Status removeIdentity(Connection& connection, const std::string& id) {
    return runOn(connection, "DELETE FROM identity WHERE id = ?", id);
}
Status revokeIdentity(Connection& connection, const std::string& id) {
    return runOn(connection, "UPDATE identity SET revoked = 1 WHERE id = ?", id);
}
Status countFailure(Connection& connection, const std::string& id) {
    return runOn(connection, "UPDATE identity SET failures = failures + 1 WHERE id = ?", id);
}
Status clearFailures(Connection& connection, const std::string& id) {
    return runOn(connection, "UPDATE identity SET failures = 0 WHERE id = ?", id);
}
Status countUse(Connection& connection, const std::string& id, bool isTls) {
    return runOn(connection,
                 "UPDATE identity SET uses = uses + 1, tls_uses = tls_uses + ? WHERE id = ?", isTls,
                 id);
}

Result<std::vector<IdentityRow>> identitiesBelow(Connection& connection,
                                                 const std::string& affiliation) {
    ASSIGN_OR_RETURN(
        auto statement,
        connection.prepare(std::string(kIdentityColumns) +
                           "WHERE ?1 = '' OR affiliation = ?1 OR substr(affiliation, 1, "
                           "length(?1) + 1) = ?1 || '.' ORDER BY id"));
    std::vector<IdentityRow> all;
    RETURN_IF_ERROR(
        statement.bind(affiliation).each([&](Row& row) { all.push_back(readIdentity(row)); }));
    return all;
}

Result<bool> hasAffiliation(Connection& connection, const std::string& name) {
    return exists(connection, "SELECT 1 FROM affiliation WHERE name = ?", name);
}

Status insertAffiliation(Connection& connection, const std::string& name) {
    std::string path;
    for (const std::string& part : affiliationPath(name)) {
        if (!path.empty()) path += '.';
        path += part;
        RETURN_IF_ERROR(runOn(connection, "INSERT OR IGNORE INTO affiliation VALUES(?)", path));
    }
    return absl::OkStatus();
}

Result<std::vector<std::string>> affiliationsBelow(Connection& connection,
                                                   const std::string& name) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT name FROM affiliation WHERE ?1 = '' OR name = ?1 "
                                        "OR substr(name, 1, length(?1) + 1) = ?1 || '.' "
                                        "ORDER BY name"));
    std::vector<std::string> all;
    RETURN_IF_ERROR(statement.bind(name).each([&](Row& row) { all.emplace_back(row.text(0)); }));
    return all;
}

Status removeAffiliation(Connection& connection, const std::string& name) {
    return runOn(connection,
                 "DELETE FROM affiliation WHERE name = ?1 OR substr(name, 1, length(?1) + 1) = ?1 "
                 "|| '.'",
                 name);
}

Result<bool> isAffiliationPart(Connection& connection, const std::string& part) {
    return exists(connection,
                  "SELECT 1 FROM affiliation WHERE instr('.' || name || '.', '.' || ? || '.') > 0",
                  part);
}

}  // namespace chancery::node
