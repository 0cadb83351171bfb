#include "node/agent/Clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::agent {
namespace {

using Json = nlohmann::ordered_json;

Json toJson(const Client& client) {
    Json json{{"fingerprint", client.fingerprint},
              {"name", client.name},
              {"role", std::string(rpc::nameOf(client.role))},
              {"since", absl::ToUnixMicros(client.since)},
              {"revoked", client.isRevoked}};
    if (client.lastSeen) json["lastSeen"] = absl::ToUnixMicros(*client.lastSeen);
    return json;
}

std::optional<Client> fromJson(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    const auto time = [&](const char* name) -> std::optional<absl::Time> {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_number_integer()) return std::nullopt;
        return absl::FromUnixMicros(found->get<std::int64_t>());
    };
    Client client;
    client.fingerprint = text("fingerprint");
    client.name = text("name");
    const auto role = rpc::roleNamed(text("role"));
    const auto revoked = json.find("revoked");
    if (client.fingerprint.size() != 64 || !fromHex(client.fingerprint).ok() || !role ||
        revoked == json.end() || !revoked->is_boolean())
        return std::nullopt;
    client.role = *role;
    client.isRevoked = revoked->get<bool>();
    client.since = time("since").value_or(absl::UnixEpoch());
    client.lastSeen = time("lastSeen");
    return client;
}

bool isAdministrator(const Client& client) {
    return client.role == rpc::Role::Administrator && !client.isRevoked;
}

}  // namespace

Result<std::unique_ptr<Clients>> Clients::open(const std::filesystem::path& path,
                                               const Clock& clock) {
    std::unique_ptr<Clients> clients(new Clients(path, clock));
    const auto text = readFile(path, 64U << 20);
    if (text.status().code() == StatusCode::kNotFound) return clients;
    if (!text.ok()) return text.status();
    const auto damaged = [&] {
        // Rather nobody than somebody whose rights are a guess.
        return makeError(StatusCode::kDataLoss, "CLIENTS_DAMAGED",
                         fmt::format("{} is damaged", path.string()), {{"path", path.string()}});
    };
    const Json json = Json::parse(*text, nullptr, false);
    if (!json.is_array()) return damaged();
    for (const Json& entry : json) {
        auto client = fromJson(entry);
        if (!client) return damaged();
        clients->m_clients[client->fingerprint] = *std::move(client);
    }
    return clients;
}

Status Clients::store(const std::map<std::string, Client>& clients) const {
    Json json = Json::array();
    for (const auto& [fingerprint, client] : clients) json.push_back(toJson(client));
    return writeFileAtomically(
        m_path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", 0600);
}

Status Clients::add(const std::string& fingerprint, const std::string& name, rpc::Role role) {
    const std::lock_guard lock(m_mutex);
    auto next = m_clients;
    Client& client = next[fingerprint];
    if (next.size() > kMax)
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_CLIENTS",
                         "this agent knows too many clients");
    client = {.fingerprint = fingerprint,
              .name = name,
              .role = role,
              .since = m_clock.now(),
              .lastSeen = std::nullopt,
              .isRevoked = false};
    RETURN_IF_ERROR(store(next));
    m_clients = std::move(next);
    return absl::OkStatus();
}

Status Clients::change(const std::string& fingerprint, const std::function<void(Client&)>& what) {
    const std::lock_guard lock(m_mutex);
    auto next = m_clients;
    const auto found = next.find(fingerprint);
    if (found == next.end())
        return makeError(StatusCode::kNotFound, "CLIENT_NOT_FOUND",
                         "this agent knows no such client",
                         {{"fingerprint", printable(fingerprint, 100)}});
    const bool was = isAdministrator(found->second);
    what(found->second);
    const bool isAnyLeft =
        std::ranges::any_of(next, [](const auto& entry) { return isAdministrator(entry.second); });
    if (was && !isAnyLeft)
        return makeError(StatusCode::kFailedPrecondition, "LAST_ADMINISTRATOR",
                         "nobody would be left who may change rights",
                         {{"fingerprint", fingerprint}});
    RETURN_IF_ERROR(store(next));
    m_clients = std::move(next);
    return absl::OkStatus();
}

Status Clients::setRole(const std::string& fingerprint, rpc::Role role) {
    return change(fingerprint, [&](Client& client) { client.role = role; });
}

Status Clients::revoke(const std::string& fingerprint) {
    return change(fingerprint, [](Client& client) { client.isRevoked = true; });
}

std::optional<Client> Clients::find(const std::string& fingerprint) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_clients.find(fingerprint);
    if (found == m_clients.end()) return std::nullopt;
    return found->second;
}

void Clients::seen(const std::string& fingerprint) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_clients.find(fingerprint); found != m_clients.end())
        found->second.lastSeen = m_clock.now();
}

std::vector<Client> Clients::list() const {
    const std::lock_guard lock(m_mutex);
    std::vector<Client> all;
    for (const auto& [fingerprint, client] : m_clients) all.push_back(client);
    return all;
}

}  // namespace chancery::agent
