#pragma once

#include <filesystem>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Tells what config blocks changed.
class ConfigExplainCommand : public Command {
public:
    std::string words() const override { return "config explain"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::vector<std::filesystem::path> m_paths;
};

}  // namespace chancery::cli
