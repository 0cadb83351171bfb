#pragma once

#include <filesystem>
#include <optional>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Explains the policies of a channel configuration.
class PolicyExplainCommand : public Command {
public:
    std::string words() const override { return "policy explain"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_config;
    std::optional<std::string> m_path;
};

}  // namespace chancery::cli
