#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/BrowsedLedger.h"
#include "src/usecase/LedgerQuery.h"

namespace chancery::cli {

/// Finds transactions or blocks by the ledger's query language.
class LedgerSearchCommand : public Command {
public:
    std::string words() const override { return "ledger search"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode blocks(Session& session, const usecase::BrowseLedger& ledger,
                    const usecase::LedgerQuery& query) const;
    ExitCode transactions(Session& session, const usecase::BrowseLedger& ledger,
                          const usecase::LedgerQuery& query) const;

    std::string m_query;
    std::vector<std::filesystem::path> m_paths;
    BrowsedLedger m_ledger;
    std::optional<std::uint64_t> m_limit;
    std::optional<std::uint64_t> m_skip;
    bool m_blocks = false;
};

}  // namespace chancery::cli
