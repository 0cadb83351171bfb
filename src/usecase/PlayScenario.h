#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/usecase/Scenario.h"
#include "src/usecase/StartNetwork.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

/// What became of a step.
struct StepResult {
    enum class Outcome { Done, Failed, Skipped };
    std::string name;
    std::string kind;
    Outcome outcome = Outcome::Skipped;
    std::string told;  ///< sentence: what was seen, or why it failed
    std::chrono::nanoseconds took{0};
    TxId txId;  ///< of a transaction that was committed
    std::optional<BlockNumber> block;
    /// Of traffic: how calls ended, "committed" or a reason.
    std::map<std::string, std::uint64_t> counts;
};
const char* nameOf(StepResult::Outcome outcome);

struct ScenarioResult {
    std::string scenario;
    std::uint64_t seed = 0;
    std::vector<StepResult> steps;  ///< all of the scenario's
    bool isStopped = false;         ///< somebody asked for it
    bool isGood() const;
};
/// JSON; without times of day, so that two plays of a seed differ only in what differed.
std::string toText(const ScenarioResult& result);

/// Plays a scenario on a network that runs. One thread at a time.
class PlayScenario {
public:
    struct Request {
        const Scenario& scenario;
        std::optional<std::uint64_t> seed;  ///< else the scenario's
        Deadline deadline;
        std::stop_token stop = {};
        /// Before each step; false: the rest is skipped.
        std::function<bool(const ScenarioStep&)> before = {};
        std::function<void(const StepResult&)> after = {};
    };

    PlayScenario(RunningNetwork& network, interfaces::Connector& connector)
        : m_network(network), m_connector(connector) {}

    /// The first step that does not end as it shall ends the play; the rest is skipped. What goes
    /// wrong in a step stands in its result; errors are those of checkScenario only.
    Result<ScenarioResult> run(const Request& request);

private:
    struct Play;
    StepResult step(Play& play, std::size_t index);
    Status transaction(Play& play, const ScenarioTransaction& one, StepResult& result);
    Status query(Play& play, const ScenarioQuery& one, StepResult& result);
    Status traffic(Play& play, const ScenarioTraffic& one, StepResult& result);
    Status change(Play& play, const ScenarioNodeChange& one, StepResult& result);
    Status wait(Play& play, const ScenarioWait& one, StepResult& result);
    Status waitForBlocks(Play& play, const ScenarioWait& one, StepResult& result);
    Status waitForEvent(Play& play, const ScenarioWait& one, StepResult& result);

    /// Peers of a channel whose processes run, all or of some organisations.
    Result<std::vector<const NetworkNode*>> runningPeers(const ChannelId& channel, Play& play);
    Result<SubmitRequest> requestOf(Play& play, const ScenarioCall& call);
    Result<TransactionContext> actAs(const ScenarioCall& call);
    Result<BlockNumber> heightOf(const std::string& node, const ChannelId& channel,
                                 Deadline deadline);

    RunningNetwork& m_network;
    interfaces::Connector& m_connector;
};

}  // namespace chancery::usecase
