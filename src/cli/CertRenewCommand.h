#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/Command.h"
#include "src/usecase/NetworkFolder.h"
#include "src/usecase/RenewNodeTls.h"

namespace chancery::cli {

/// TLS certificates of nodes, one node after the other.
class CertRenewCommand : public Command {
public:
    std::string words() const override { return "cert renew"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<usecase::RenewalPlan> planOf(const usecase::RenewNodeTls& renewal,
                                        const usecase::NetworkFolder& network) const;
    /// Does the step, or says in `todo` what somebody has to do first.
    Status step(const usecase::RenewNodeTls& renewal, const usecase::NetworkFolder& network,
                usecase::RenewalPlan& plan, std::string& todo);
    Status enrol(const usecase::RenewNodeTls& renewal, const usecase::NetworkFolder& network,
                 usecase::RenewalPlan& plan, const std::string& node) const;
    Status update(const usecase::RenewNodeTls& renewal, usecase::RenewalPlan& plan,
                  const usecase::RenewalStep& next, std::string& todo);
    Status look(const usecase::RenewNodeTls& renewal, const usecase::NetworkFolder& network,
                usecase::RenewalPlan& plan, const usecase::RenewalStep& next, std::string& todo);

    std::filesystem::path m_network = "network";
    std::filesystem::path m_plan;
    std::vector<std::string> m_nodes;
    std::optional<std::filesystem::path> m_config;
    std::optional<std::filesystem::path> m_draft;
    bool m_newKey = false;
};

}  // namespace chancery::cli
