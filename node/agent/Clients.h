#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Clock.h"
#include "src/base/Status.h"
#include "src/rpc/AdminRights.h"

namespace chancery::agent {

/// A console that was paired with this agent.
struct Client {
    std::string fingerprint;  ///< SHA-256 of its certificate, hex
    std::string name;
    rpc::Role role = rpc::Role::Auditor;
    absl::Time since;
    std::optional<absl::Time> lastSeen;
    bool isRevoked = false;
};

/// Who the agent knows, in a file. A change is on the disk when its call returns. Thread-safe.
class Clients {
public:
    static constexpr std::size_t kMax = 10'000;

    /// DATA_LOSS (CLIENTS_DAMAGED).
    static Result<std::unique_ptr<Clients>> open(const std::filesystem::path& path,
                                                 const Clock& clock = Clock::system());

    /// A new one, or one that pairs again and gets this name and role. RESOURCE_EXHAUSTED
    /// (TOO_MANY_CLIENTS).
    Status add(const std::string& fingerprint, const std::string& name, rpc::Role role);
    /// NOT_FOUND (CLIENT_NOT_FOUND), FAILED_PRECONDITION (LAST_ADMINISTRATOR).
    Status setRole(const std::string& fingerprint, rpc::Role role);
    Status revoke(const std::string& fingerprint);

    std::optional<Client> find(const std::string& fingerprint) const;
    /// Notes that it called just now; kept in memory until the next change.
    void seen(const std::string& fingerprint);
    std::vector<Client> list() const;  ///< by fingerprint

private:
    Clients(std::filesystem::path path, const Clock& clock)
        : m_path(std::move(path)), m_clock(clock) {}
    Status change(const std::string& fingerprint, const std::function<void(Client&)>& what);
    Status store(const std::map<std::string, Client>& clients) const;

    const std::filesystem::path m_path;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::map<std::string, Client> m_clients;
};

}  // namespace chancery::agent
