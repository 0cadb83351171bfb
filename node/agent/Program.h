#pragma once

#include <array>
#include <ostream>
#include <string_view>
#include <vector>

namespace chancery::agent {

/// How chancery-agent ends; help and tests read the table.
enum class AgentExit { Stopped = 0, Usage = 2, BadState = 3, CannotStart = 4 };

struct AgentExitMeaning {
    AgentExit code;
    std::string_view meaning;
};
inline constexpr std::array<AgentExitMeaning, 4> kAgentExits{{
    {AgentExit::Stopped, "stopped as it was asked to; so are its nodes"},
    {AgentExit::Usage, "the command line was not understood"},
    {AgentExit::BadState, "its state folder is damaged, open to others, or another agent's"},
    {AgentExit::CannotStart, "it could not begin to serve: an address is in use"},
}};

/// `chancery-agent --state DIR …`: keeps nodes until SIGTERM, SIGINT, a call, or, unless detached,
/// the end of standard input. Says "READY <json>" on `out` when it serves. Must run on the main
/// thread before any other is started, for it blocks signals.
AgentExit runAgent(const std::vector<std::string_view>& arguments, std::ostream& out,
                   std::ostream& err);

}  // namespace chancery::agent
