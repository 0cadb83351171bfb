#pragma once

#include <filesystem>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Writes the manual pages.
class ManualCommand : public Command {
public:
    std::string words() const override { return "manual"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    std::filesystem::path m_folder;
};

}  // namespace chancery::cli
