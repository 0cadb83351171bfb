#pragma once

#include "src/cli/Command.h"
#include "src/cli/FlowTable.h"
#include "src/cli/NodeAccess.h"

namespace chancery::cli {

/// What happens to transactions, while it happens.
class FlowTailCommand final : public Command {
public:
    std::string words() const override { return "flow tail"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    void show(Session& session, const FlowRow& row);

    NodeAccess m_access;
    std::optional<std::uint64_t> m_forSeconds;
    std::optional<std::uint64_t> m_count;
    bool m_summary = false;
    bool m_titled = false;
};

}  // namespace chancery::cli
