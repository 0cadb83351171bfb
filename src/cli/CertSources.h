#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/CommandLine.h"
#include "src/cli/ExitCode.h"
#include "src/cli/Session.h"
#include "src/cli/WorkspaceAccess.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/usecase/CertificateCollector.h"

namespace chancery::usecase {
class NetworkFolder;
}

namespace chancery::cli {

/// The options by which commands are told where certificates are to be looked for.
class CertSources {
public:
    void declare(CommandLine& line);
    /// Errors of what was named and is not there at all, INVALID_ARGUMENT (USAGE) when nothing was
    /// named. What could be read only in part is told on standard error.
    Result<usecase::CertificateInventory> collect(Session& session);
    /// What could not be read or reached: places with reasons.
    const std::vector<usecase::CollectionProblem>& problems() const { return m_problems; }
    /// Ok, or Incomplete when there are problems.
    ExitCode exitCode() const { return m_problems.empty() ? ExitCode::Ok : ExitCode::Incomplete; }

private:
    Status fromNetwork(usecase::CertificateCollector& collector);
    /// Who must endorse the contracts of a network's channels, from a peer that runs.
    void askContracts(usecase::CertificateCollector& collector,
                      const usecase::NetworkFolder& network);
    Status fromWorkspace(usecase::CertificateCollector& collector);
    Status fromMsps(usecase::CertificateCollector& collector) const;
    void handshake(usecase::CertificateCollector& collector, const std::string& name,
                   const MspId& mspId, bool isOrderer, const std::string& endpoint);
    Status fromCas(usecase::CertificateCollector& collector);
    void fromCa(usecase::CertificateCollector& collector, const interfaces::CaAddress& ca,
                const std::string& name, const identity::SigningIdentityPtr& caller);
    /// Whether the CA at `ca` has signed it; false also when the CA does not answer.
    static bool hasIssued(const interfaces::CaAddress& ca,
                          const identity::Certificate& certificate);
    Result<identity::SigningIdentityPtr> callerNamed(const std::string& who);

    std::optional<std::filesystem::path> m_network;
    WorkspaceAccess m_workspace;
    std::vector<std::filesystem::path> m_configs;
    std::vector<std::string> m_msps;
    std::vector<std::filesystem::path> m_crls;
    std::vector<std::filesystem::path> m_files;
    std::vector<std::string> m_endpoints;
    std::vector<std::string> m_cas;
    std::vector<std::filesystem::path> m_caRoots;
    bool m_offline = false;
    std::vector<usecase::CollectionProblem> m_problems;
};

}  // namespace chancery::cli
