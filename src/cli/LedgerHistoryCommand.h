#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/BrowsedLedger.h"

namespace chancery::cli {

/// Every change of one key.
class LedgerHistoryCommand : public Command {
public:
    std::string words() const override { return "ledger history"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_contract, m_key;
    std::vector<std::filesystem::path> m_paths;
    std::optional<std::string> m_collection;
    std::optional<std::uint64_t> m_at;
    std::optional<std::uint64_t> m_limit;
    BrowsedLedger m_ledger;
};

}  // namespace chancery::cli
