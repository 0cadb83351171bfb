#pragma once

#include <filesystem>
#include <optional>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Writes the update between two configurations.
class ConfigComputeUpdateCommand : public Command {
public:
    std::string words() const override { return "config compute-update"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_original;
    std::filesystem::path m_updated;
    std::string m_channel;
    std::optional<std::filesystem::path> m_out;
};

}  // namespace chancery::cli
