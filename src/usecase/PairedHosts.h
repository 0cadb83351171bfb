#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/interfaces/Host.h"

namespace chancery::usecase {

/// The hosts that this console is paired with, and what it shows to them. In a folder 0700:
///   console.crt, console.key   self-signed; each agent has pinned it by its own pairing
///   hosts.json                 names, addresses and the pinned certificates of agents
/// The key opens nothing but agents, each in the role that its pairing gave; it stands in clear,
/// 0600, because commands run unattended.
class PairedHosts {
public:
    /// Nothing is there yet: no hosts, and no key before `identity` is asked for. INVALID_ARGUMENT
    /// (BAD_HOSTS); PERMISSION_DENIED (KEY_FILE_EXPOSED).
    static Result<PairedHosts> open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_folder; }
    const std::vector<interfaces::HostAddress>& all() const { return m_hosts; }
    /// NOT_FOUND (NO_SUCH_HOST).
    Result<interfaces::HostAddress> find(const std::string& name) const;
    /// Made when there is none.
    Result<interfaces::TlsIdentity> identity() const;
    /// In place of one of that name. INVALID_ARGUMENT (BAD_HOSTS): no name for a host.
    Status add(const interfaces::HostAddress& host);
    /// What is gone already is no error. The agent still knows this console.
    Status remove(const std::string& name);

private:
    explicit PairedHosts(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    Status save() const;

    std::filesystem::path m_folder;
    std::vector<interfaces::HostAddress> m_hosts;
};

}  // namespace chancery::usecase
