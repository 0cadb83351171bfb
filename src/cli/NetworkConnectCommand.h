#pragma once

#include "src/cli/Command.h"
#include "src/cli/WorkspaceAccess.h"

namespace chancery::cli {

/// Finds out what belongs to a network that exists and keeps it as a connection profile.
class NetworkConnectCommand final : public Command {
public:
    std::string words() const override { return "network connect"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::optional<std::filesystem::path> m_profile, m_msp, m_tlsRoots;
    std::optional<std::string> m_peer, m_serverName, m_identity;
    std::string m_mspId, m_name;
    std::vector<std::string> m_channels;
    std::filesystem::path m_out = "network";
    std::optional<std::uint64_t> m_seconds;
    WorkspaceAccess m_workspace;
};

}  // namespace chancery::cli
