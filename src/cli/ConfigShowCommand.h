#pragma once

#include <filesystem>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Shows a channel configuration: as tables, or as configtxlator's JSON.
class ConfigShowCommand : public Command {
public:
    std::string words() const override { return "config show"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_file;
    bool m_configOnly = false;
};

}  // namespace chancery::cli
