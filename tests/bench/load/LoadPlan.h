#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Ids.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/NodeAddress.h"
#include "tests/bench/load/ArgumentTemplate.h"
#include "tests/bench/load/Processes.h"

namespace chancery::load {

enum class LoadKind {
    Evaluate,  ///< one peer runs the contract, nothing is ordered
    Endorse,   ///< endorsements are collected, nothing is ordered
    Submit     ///< endorsed, ordered, and its commit waited for
};
std::string_view nameOf(LoadKind kind);
std::optional<LoadKind> loadKindNamed(std::string_view name);

/// What is to be sent, how fast, for how long.
struct LoadPlan {
    LoadKind kind = LoadKind::Submit;
    ChannelId channel;
    std::string contract;
    std::vector<ArgumentTemplate> arguments;  ///< function first
    std::string run;                          ///< fills {run}

    std::vector<interfaces::NodeAddress> gateways;         ///< used in turn
    std::size_t connections = 1;                           ///< to each of them
    std::vector<identity::SigningIdentityPtr> identities;  ///< used in turn
    /// MSP ids that shall endorse; empty: the gateway finds out from the contract's policy.
    std::vector<std::string> endorsers;

    std::size_t inFlight = 64;   ///< transactions that are under way at most
    std::optional<double> rate;  ///< transactions per second; none: as fast as answers come
    std::chrono::nanoseconds warmUp = std::chrono::seconds(2);
    std::chrono::nanoseconds duration = std::chrono::seconds(10);
    std::optional<std::uint64_t> count;  ///< so many are measured; `duration` ends it in any case
    std::chrono::nanoseconds patience = std::chrono::seconds(30);  ///< with one transaction

    std::vector<WatchedProcess> processes;
};

}  // namespace chancery::load
