#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/BrowsedLedger.h"

namespace chancery::cli {

/// Keys and values as they were at a height.
class LedgerStateCommand : public Command {
public:
    std::string words() const override { return "ledger state"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode one(Session& session, const usecase::BrowseLedger& ledger,
                 const usecase::KeyReference& reference) const;
    ExitCode many(Session& session, const usecase::BrowseLedger& ledger,
                  const usecase::KeyReference& prefix) const;

    std::string m_contract, m_key;
    std::vector<std::filesystem::path> m_paths;
    std::optional<std::string> m_collection;
    std::optional<std::uint64_t> m_at;
    std::optional<std::uint64_t> m_limit;
    bool m_prefix = false;
    BrowsedLedger m_ledger;
};

}  // namespace chancery::cli
