#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Writes an evidence pack.
class LedgerEvidenceCommand : public Command {
public:
    std::string words() const override { return "ledger evidence"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::vector<std::filesystem::path> m_paths;
    std::filesystem::path m_out;
    std::vector<std::string> m_transactions;
    std::optional<std::uint64_t> m_block;
    std::optional<std::string> m_range;
    std::optional<std::string> m_language;
};

}  // namespace chancery::cli
