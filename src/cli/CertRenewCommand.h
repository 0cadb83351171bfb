#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/Command.h"
#include "src/cli/HostsAccess.h"
#include "src/usecase/NetworkFolder.h"
#include "src/usecase/RenewNodeCertificates.h"

namespace chancery::cli {

/// Certificates of nodes, for TLS or those by which they sign, one node after the other.
class CertRenewCommand : public Command {
public:
    std::string words() const override { return "cert renew"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<usecase::RenewalPlan> planOf(const usecase::RenewNodeCertificates& renewal,
                                        const usecase::NetworkFolder& network) const;
    /// Does the step, or says in `todo` what somebody has to do first.
    Status step(const usecase::RenewNodeCertificates& renewal,
                const usecase::NetworkFolder& network, usecase::RenewalPlan& plan,
                std::string& todo);
    Status enrol(const usecase::RenewNodeCertificates& renewal,
                 const usecase::NetworkFolder& network, usecase::RenewalPlan& plan,
                 const std::string& node) const;
    Status update(const usecase::RenewNodeCertificates& renewal,
                  const usecase::NetworkFolder& network, usecase::RenewalPlan& plan,
                  const usecase::RenewalStep& next, std::string& todo);
    Status install(const usecase::RenewNodeCertificates& renewal,
                   const usecase::NetworkFolder& network, usecase::RenewalPlan& plan,
                   const std::string& node);
    Status look(const usecase::RenewNodeCertificates& renewal,
                const usecase::NetworkFolder& network, usecase::RenewalPlan& plan,
                const usecase::RenewalStep& next, std::string& todo);

    /// Which process of the node its host runs.
    Result<std::string> instanceOf(const usecase::NetworkFolder& network, const std::string& node);
    /// Whether the others of the clusters that the step touches are a quorum.
    static Status othersAreThere(const usecase::NetworkFolder& network,
                                 const usecase::RenewalStep& step);

    std::filesystem::path m_network = "network";
    HostsAccess m_hosts;
    bool m_identity = false;
    std::filesystem::path m_plan;
    std::vector<std::string> m_nodes;
    std::optional<std::filesystem::path> m_config;
    std::optional<std::filesystem::path> m_draft;
    bool m_newKey = false;
};

}  // namespace chancery::cli
