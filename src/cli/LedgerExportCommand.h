#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Writes a ledger for other programs.
class LedgerExportCommand : public Command {
public:
    std::string words() const override { return "ledger export"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::vector<std::filesystem::path> m_paths;
    std::optional<std::filesystem::path> m_snapshot;
    std::optional<std::string> m_range;
    std::string m_format;
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
