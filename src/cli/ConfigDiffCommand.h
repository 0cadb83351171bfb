#pragma once

#include <filesystem>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Tells what differs between two configurations.
class ConfigDiffCommand : public Command {
public:
    std::string words() const override { return "config diff"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_before;
    std::filesystem::path m_after;
};

}  // namespace chancery::cli
