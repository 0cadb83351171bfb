#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Checks a ledger offline.
class LedgerVerifyCommand : public Command {
public:
    std::string words() const override { return "ledger verify"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::vector<std::filesystem::path> m_paths;
    std::optional<std::filesystem::path> m_snapshot;
    std::optional<std::filesystem::path> m_anchor;
    std::optional<std::uint64_t> m_threads;
    bool m_coverage = false;
    bool m_all = false;
};

}  // namespace chancery::cli
