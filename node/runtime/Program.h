#pragma once

#include <array>
#include <ostream>
#include <string_view>
#include <vector>

namespace chancery::node {

/// How chancery-node ends; help and tests read the table.
enum class NodeExit { Stopped = 0, Usage = 2, BadConfig = 3, CannotStart = 4 };

struct NodeExitMeaning {
    NodeExit code;
    std::string_view meaning;
};
inline constexpr std::array<NodeExitMeaning, 4> kNodeExits{{
    {NodeExit::Stopped, "stopped as it was asked to"},
    {NodeExit::Usage, "the command line was not understood"},
    {NodeExit::BadConfig, "the configuration, a key or a certificate cannot be used"},
    {NodeExit::CannotStart,
     "it could not begin to serve: an address or a folder is in use, a "
     "ledger is damaged, the disk is full"},
}};

/// `chancery-node peer|orderer|ca --config FILE [--detached]`: serves until SIGTERM, SIGINT or,
/// unless detached, the end of standard input. Says "READY <json>" on `out` when it serves. Must
/// run on the main thread before any other is started, for it blocks signals.
NodeExit runNode(const std::vector<std::string_view>& arguments, std::ostream& out,
                 std::ostream& err);

}  // namespace chancery::node
