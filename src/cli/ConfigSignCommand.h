#pragma once

#include <filesystem>
#include <string>

#include "src/cli/Command.h"
#include "src/cli/WorkspaceAccess.h"

namespace chancery::cli {

/// Puts an administrator's signature under a configuration update.
class ConfigSignCommand : public Command {
public:
    std::string words() const override { return "config sign"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    WorkspaceAccess m_workspace;
    std::filesystem::path m_update;
    std::string m_identity;
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
