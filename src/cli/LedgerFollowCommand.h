#pragma once

#include <filesystem>
#include <optional>

#include "src/cli/Command.h"
#include "src/cli/NetworkAccess.h"
#include "src/usecase/FollowChannel.h"

namespace chancery::cli {

/// Follows a channel into an index and tells its blocks.
class LedgerFollowCommand : public Command {
public:
    std::string words() const override { return "ledger follow"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<std::filesystem::path> folder() const;
    /// Blocks from m_next on that the index has; false when the reader has gone.
    Result<bool> tellBlocks(Session& session, const usecase::BrowseLedger& ledger);
    void tellState(Session& session, const usecase::FollowState& state);
    bool enough() const { return m_count && m_shown >= *m_count; }

    NetworkAccess m_access;
    std::optional<std::filesystem::path> m_folder;
    std::optional<std::uint64_t> m_from, m_count, m_forSeconds;
    bool m_orderers = false;
    bool m_once = false;
    BlockNumber m_next = 0;
    std::uint64_t m_shown = 0;
    std::size_t m_alarms = 0;
    absl::Time m_lastAlarm = absl::InfinitePast();
    std::string m_told;  ///< the last line about the state
};

}  // namespace chancery::cli
