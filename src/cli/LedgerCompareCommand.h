#pragma once

#include <filesystem>
#include <optional>

#include "src/cli/BrowsedLedger.h"

namespace chancery::cli {

/// Two copies of one channel, side by side.
class LedgerCompareCommand : public Command {
public:
    std::string words() const override { return "ledger compare"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::filesystem::path m_left, m_right;
    std::optional<std::uint64_t> m_at;
    BrowsedLedger m_ledger;
};

}  // namespace chancery::cli
