#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "src/cli/Command.h"

namespace chancery::usecase {
class DescribeLedger;
}

namespace chancery::cli {

class ProgressBar;

/// Shows a ledger: the whole of it, blocks, a transaction, a key.
class LedgerShowCommand : public Command {
public:
    std::string words() const override { return "ledger show"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode showOverview(Session& session, const usecase::DescribeLedger& ledger,
                          ProgressBar& progress) const;
    ExitCode showBlocks(Session& session, const usecase::DescribeLedger& ledger) const;
    ExitCode showBlock(Session& session, const usecase::DescribeLedger& ledger) const;
    ExitCode showTransaction(Session& session, const usecase::DescribeLedger& ledger,
                             ProgressBar& progress) const;
    ExitCode showKey(Session& session, const usecase::DescribeLedger& ledger,
                     ProgressBar& progress) const;

    std::vector<std::filesystem::path> m_paths;
    std::optional<std::filesystem::path> m_snapshot;
    std::optional<std::uint64_t> m_block;
    std::optional<std::string> m_blocks;
    std::optional<std::string> m_transaction;
    std::optional<std::string> m_key;
    std::optional<std::string> m_collection;
    std::optional<std::uint64_t> m_at;
    bool m_history = false;
    bool m_refused = false;
};

}  // namespace chancery::cli
