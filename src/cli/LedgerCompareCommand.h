#pragma once

#include <filesystem>
#include <optional>

#include "src/cli/BrowsedLedger.h"
#include "src/cli/NetworkAccess.h"

namespace chancery::cli {

/// Two copies of one channel side by side, or the peers of a network.
class LedgerCompareCommand : public Command {
public:
    std::string words() const override { return "ledger compare"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode compareLive(Session& session);

    std::optional<std::filesystem::path> m_left, m_right;
    std::optional<std::uint64_t> m_at;
    BrowsedLedger m_ledger;
    bool m_live = false;
    NetworkAccess m_access;
};

}  // namespace chancery::cli
