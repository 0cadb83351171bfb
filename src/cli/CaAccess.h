#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "src/cli/CommandLine.h"
#include "src/cli/WorkspaceAccess.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/usecase/CaSettings.h"

namespace chancery::cli {

/// The options by which a command finds a CA: a folder that "ca init" or "network create" has made,
/// or an address.
class CaAccess {
public:
    CaAccess();
    ~CaAccess();

    void declare(CommandLine& line);
    /// Errors of CaFolder; INVALID_ARGUMENT (USAGE) when the options do not fit together.
    Status open();

    /// The CA for identities, or the one that --ca-name names.
    const interfaces::CaAddress& identities() const { return m_identities; }
    /// The CA for TLS of the same folder; nothing when the options name an address.
    const std::optional<interfaces::CaAddress>& tls() const { return m_tls; }
    interfaces::CaConnector& connector() const { return *m_connector; }
    Deadline deadline() const { return deadlineIn(m_patience); }

private:
    Status openUrl();

    std::filesystem::path m_folder = "ca";
    std::optional<std::string> m_url;
    std::optional<std::filesystem::path> m_roots;
    std::optional<std::string> m_name;
    std::optional<std::uint64_t> m_seconds;
    std::chrono::seconds m_patience{30};
    std::unique_ptr<interfaces::CaConnector> m_connector;
    interfaces::CaAddress m_identities;
    std::optional<interfaces::CaAddress> m_tls;
};

/// The options that say as whom a command asks a CA, and the CA.
class CaCallAccess {
public:
    void declare(CommandLine& line);
    /// Asks for the passphrase of the workspace. INVALID_ARGUMENT (USAGE); errors of
    /// CaAccess::open, WorkspaceAccess::unlock, IdentityStore::signing and loadSigningIdentity.
    Status open();

    CaAccess& ca() { return m_ca; }
    Deadline deadline() const { return m_ca.deadline(); }
    Result<std::shared_ptr<interfaces::CertificateAuthority>> authority() const;
    Result<std::shared_ptr<interfaces::IdentityRegistry>> registry() const;

private:
    CaAccess m_ca;
    WorkspaceAccess m_workspace;
    std::optional<std::string> m_as;
    std::optional<std::filesystem::path> m_msp;
    interfaces::CaCaller m_caller;
};

}  // namespace chancery::cli
