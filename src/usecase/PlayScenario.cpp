#include "src/usecase/PlayScenario.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "src/base/Encoding.h"
#include "src/interfaces/Node.h"
#include "src/protocol/Block.h"
#include "src/protocol/Transaction.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/Json.h"

namespace chancery::usecase {

struct PlayScenario::Play {
    const Scenario& scenario;
    const std::uint64_t seed;
    const Deadline deadline;
    const std::stop_token stop;
    std::map<ChannelId, BlockNumber> began;  ///< heights before the first step
    std::uint64_t step = 0;

    Deadline within(std::chrono::seconds patience) const {
        return std::min(deadline, deadlineIn(patience));
    }
    /// False when the play shall stop.
    bool sleepUntil(Deadline until) const {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait_until(lock, stop, std::min(until, deadline), [] { return false; });
        return !stop.stop_requested() && std::chrono::steady_clock::now() < deadline;
    }
    Result<ContractCall> filled(const ScenarioCall& call, std::uint64_t number) const {
        ContractCall made{.channel = call.channel, .contract = call.contract};
        for (const std::string& argument : call.arguments) {
            ASSIGN_OR_RETURN(Bytes value, fillArgument(argument, seed, step, number));
            made.args.push_back(std::move(value));
        }
        return made;
    }
};

namespace {

using Expect = ScenarioTransaction::Expect;

constexpr std::chrono::seconds kCallPatience{30};
constexpr std::chrono::seconds kNodePatience{30};
constexpr std::chrono::milliseconds kBetweenLooks{50};
constexpr std::size_t kSenders = 8;
constexpr std::size_t kMostShown = 512;

Status stopped() {
    return makeError(StatusCode::kCancelled, "STOPPED", "the play was stopped");
}

Status otherwise(const std::string& why) {
    return makeError(StatusCode::kFailedPrecondition, "OTHER_THAN_EXPECTED", why);
}

std::string oneLine(const Status& status) {
    return printable(messageOf(status), kMostShown);
}

/// How a call ended, in one word: contracts begin their refusals with a code.
std::string reasonOfCall(const Status& status) {
    return status.ok() ? "committed" : std::string(reasonOf(status));
}

bool hasEvent(const protocol::Block& block, const ScenarioWait& wait) {
    for (const protocol::Transaction& transaction : block.transactions())
        for (const protocol::TransactionAction& action : transaction.actions)
            if (action.event && action.event->name == wait.event &&
                action.event->chaincodeId == wait.contract)
                return true;
    return false;
}

}  // namespace

const char* nameOf(StepResult::Outcome outcome) {
    return outcome == StepResult::Outcome::Done     ? "done"
           : outcome == StepResult::Outcome::Failed ? "failed"
                                                    : "skipped";
}

bool ScenarioResult::isGood() const {
    return std::ranges::all_of(
        steps, [](const StepResult& one) { return one.outcome == StepResult::Outcome::Done; });
}

std::string toText(const ScenarioResult& result) {
    Json json{{"scenario", result.scenario},
              {"seed", result.seed},
              {"good", result.isGood()},
              {"stopped", result.isStopped},
              {"steps", Json::array()}};
    for (const StepResult& one : result.steps) {
        Json step{{"name", one.name},
                  {"kind", one.kind},
                  {"outcome", nameOf(one.outcome)},
                  {"told", one.told},
                  {"milliseconds", std::chrono::duration<double, std::milli>(one.took).count()}};
        if (!one.txId.str().empty()) step["transaction"] = one.txId.str();
        if (one.block) step["block"] = *one.block;
        if (!one.counts.empty()) step["counts"] = one.counts;
        json["steps"].push_back(std::move(step));
    }
    return toText(json);
}

Result<TransactionContext> PlayScenario::actAs(const ScenarioCall& call) {
    return CreateNetwork(m_connector, deadlineIn(kCallPatience))
        .actAs(m_network.folder(), call.organisation, call.user);
}

Result<std::vector<const NetworkNode*>> PlayScenario::runningPeers(const ChannelId& channel,
                                                                   Play& play) {
    ASSIGN_OR_RETURN(const auto states, m_network.states(play.within(kNodePatience)));
    std::set<std::string> running;
    for (const interfaces::NodeState& state : states)
        if (state.phase == interfaces::NodePhase::Running) running.insert(state.ref.node);
    std::vector<const NetworkNode*> peers = m_network.folder().peersOf(channel);
    std::erase_if(peers, [&](const NetworkNode* peer) { return !running.contains(peer->name); });
    return peers;
}

Result<SubmitRequest> PlayScenario::requestOf(Play& play, const ScenarioCall& call) {
    const NetworkFolder& folder = m_network.folder();
    ASSIGN_OR_RETURN(const auto peers, runningPeers(call.channel, play));
    SubmitRequest request;
    std::set<std::size_t> seen;
    for (const NetworkNode* peer : peers) {
        ASSIGN_OR_RETURN(auto address, folder.address(*peer));
        request.commitPeers.push_back(address);
        const std::string& owner = folder.organisations()[peer->organisation].plan().name;
        const bool asked = call.endorsers.empty() ||
                           std::ranges::find(call.endorsers, owner) != call.endorsers.end();
        if (asked && seen.insert(peer->organisation).second)
            request.endorsers.push_back(std::move(address));
    }
    if (request.endorsers.empty())
        return makeError(StatusCode::kUnavailable, "NO_PEER_RUNS",
                         "none of the peers that shall endorse runs");
    ASSIGN_OR_RETURN(
        request.orderers,
        CreateNetwork(m_connector, deadlineIn(kCallPatience)).orderers(folder, call.channel));
    request.deadline = play.within(kCallPatience);
    request.stop = play.stop;
    return request;
}

Status PlayScenario::transaction(Play& play, const ScenarioTransaction& one, StepResult& result) {
    ASSIGN_OR_RETURN(const auto context, actAs(one.call));
    ASSIGN_OR_RETURN(SubmitRequest request, requestOf(play, one.call));
    ASSIGN_OR_RETURN(request.call, play.filled(one.call, 1));
    const auto submitted = SubmitTransaction().run(context, request);
    if (play.stop.stop_requested()) return stopped();
    if (submitted.ok()) {
        result.txId = submitted->txId;
        result.block = submitted->block;
        result.told = fmt::format("committed in block {}", submitted->block);
        if (one.expect == Expect::Committed || one.expect == Expect::Either)
            return absl::OkStatus();
        return otherwise("it was committed, which it should not");
    }
    const std::string reason(reasonOf(submitted.status()));
    const bool asExpected = ((one.expect == Expect::Refused || one.expect == Expect::Either) &&
                             reason == "CONTRACT_REFUSED") ||
                            (one.expect == Expect::Invalid && reason == "NOT_VALID");
    const bool because = messageOf(submitted.status()).find(one.because) != std::string::npos;
    if (!asExpected || !because) return submitted.status();
    result.told =
        (one.expect == Expect::Invalid ? "invalid: " : "refused: ") + oneLine(submitted.status());
    return absl::OkStatus();
}

Status PlayScenario::query(Play& play, const ScenarioQuery& one, StepResult& result) {
    ASSIGN_OR_RETURN(const auto context, actAs(one.call));
    ASSIGN_OR_RETURN(const SubmitRequest request, requestOf(play, one.call));
    ASSIGN_OR_RETURN(auto call, play.filled(one.call, 1));
    ASSIGN_OR_RETURN(const Bytes answer,
                     EvaluateTransaction().run(context, {.call = std::move(call),
                                                         .peer = request.endorsers.front(),
                                                         .deadline = request.deadline,
                                                         .stop = play.stop}));
    ASSIGN_OR_RETURN(const std::string wanted, fillArgument(one.contains, play.seed, play.step, 1));
    result.told = printable(answer, kMostShown);
    if (answer.find(wanted) != Bytes::npos) return absl::OkStatus();
    return otherwise(
        fmt::format("the answer does not have {}: {}", printable(wanted, 128), result.told));
}

Status PlayScenario::traffic(Play& play, const ScenarioTraffic& one, StepResult& result) {
    ASSIGN_OR_RETURN(const auto context, actAs(one.call));
    ASSIGN_OR_RETURN(const SubmitRequest model, requestOf(play, one.call));
    const std::uint64_t calls = one.calls();
    const auto began = std::chrono::steady_clock::now();
    const Deadline ends =
        one.seconds == 0 ? Deadline::max() : began + std::chrono::seconds(one.seconds);
    std::atomic<std::uint64_t> next{0};
    std::mutex mutex;
    Status firstFault;
    const auto send = [&] {
        while (true) {
            const std::uint64_t number = ++next;
            if (number > calls) return;
            const Deadline due =
                began + std::chrono::nanoseconds((number - 1) * 1'000'000'000U / one.perSecond);
            if (due >= ends || !play.sleepUntil(due)) return;
            SubmitRequest request = model;
            request.deadline = play.within(kCallPatience);
            Status status;
            if (auto call = play.filled(one.call, number); call.ok()) {
                request.call = *std::move(call);
                status = SubmitTransaction().run(context, request).status();
            } else {
                status = call.status();
            }
            if (play.stop.stop_requested()) return;
            const std::lock_guard lock(mutex);
            ++result.counts[reasonOfCall(status)];
            if (!status.ok() && firstFault.ok()) firstFault = status;
        }
    };
    {
        std::vector<std::jthread> senders;
        for (std::size_t i = 0; i < std::min<std::uint64_t>(kSenders, calls); ++i)
            senders.emplace_back(send);
    }
    if (play.stop.stop_requested()) return stopped();
    std::uint64_t failed = 0;
    std::uint64_t all = 0;
    for (const auto& [reason, count] : result.counts) {
        all += count;
        if (reason != "committed") failed += count;
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    result.told = fmt::format("{} of {} committed in {:.1f} s", all - failed, all, seconds);
    if (failed > one.mayFail)
        return otherwise(
            fmt::format("{}; the first that failed: {}", result.told, oneLine(firstFault)));
    return absl::OkStatus();
}

Status PlayScenario::change(Play& play, const ScenarioNodeChange& one, StepResult& result) {
    const Deadline deadline = play.within(kNodePatience);
    using Change = ScenarioNodeChange::Change;
    if (one.change == Change::Stop) {
        RETURN_IF_ERROR(m_network.stop({one.node}, deadline));
        result.told = one.node + " has stopped";
        return absl::OkStatus();
    }
    if (one.change == Change::Start) {
        RETURN_IF_ERROR(m_network.start({one.node}, deadline, play.stop));
        result.told = one.node + " serves";
        return absl::OkStatus();
    }
    const NetworkNode* node = m_network.folder().node(one.node);
    if (node == nullptr || node->data.empty())
        return makeError(StatusCode::kFailedPrecondition, "NODE_ELSEWHERE",
                         "only nodes of this machine can be killed", {{"node", one.node}});
    ASSIGN_OR_RETURN(const auto state, m_network.state(one.node, deadline));
    if (state.processId <= 1 || ::kill(static_cast<pid_t>(state.processId), SIGKILL) != 0)
        return makeError(StatusCode::kFailedPrecondition, "NODE_NOT_RUNNING",
                         one.node + " does not run", {{"node", one.node}});
    result.told = fmt::format("process {} of {} was killed", state.processId, one.node);
    return absl::OkStatus();
}

Result<BlockNumber> PlayScenario::heightOf(const std::string& name, const ChannelId& channel,
                                           Deadline deadline) {
    const NetworkNode* node = m_network.folder().node(name);
    if (node == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name);
    ASSIGN_OR_RETURN(interfaces::Host* const host, m_network.hosts().host(node->host));
    ASSIGN_OR_RETURN(const auto channels,
                     host->node(m_network.folder().ref(*node))->channels(deadline));
    for (const interfaces::NodeChannel& one : channels)
        if (one.channel == channel) return one.height;
    return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                     fmt::format("{} is not in {}", name, channel.str()));
}

Status PlayScenario::wait(Play& play, const ScenarioWait& one, StepResult& result) {
    return one.event.empty() ? waitForBlocks(play, one, result) : waitForEvent(play, one, result);
}

Status PlayScenario::waitForBlocks(Play& play, const ScenarioWait& one, StepResult& result) {
    const Deadline deadline = play.within(std::chrono::seconds(one.seconds));
    BlockNumber wanted = one.height;
    if (one.level)
        for (const NetworkNode* orderer : m_network.folder().orderersOf(one.channel)) {
            ASSIGN_OR_RETURN(const auto height, heightOf(orderer->name, one.channel, deadline));
            wanted = std::max(wanted, height);
        }
    while (true) {
        // Who was killed a moment ago does not answer yet.
        const auto height = heightOf(one.node, one.channel, play.within(kCallPatience));
        if (height.ok() && *height >= wanted) {
            result.told =
                fmt::format("{} has {} blocks of {}", one.node, *height, one.channel.str());
            return absl::OkStatus();
        }
        if (std::chrono::steady_clock::now() >= deadline)
            return makeError(StatusCode::kDeadlineExceeded, "WAITED_IN_VAIN",
                             height.ok()
                                 ? fmt::format("{} has {} of {} blocks", one.node, *height, wanted)
                                 : oneLine(height.status()));
        if (!play.sleepUntil(deadlineIn(kBetweenLooks)) && play.stop.stop_requested())
            return stopped();
    }
}

Status PlayScenario::waitForEvent(Play& play, const ScenarioWait& one, StepResult& result) {
    const NetworkFolder& folder = m_network.folder();
    const Deadline deadline = play.within(std::chrono::seconds(one.seconds));
    ASSIGN_OR_RETURN(auto peers, runningPeers(one.channel, play));
    if (!one.node.empty())
        std::erase_if(peers, [&](const NetworkNode* peer) { return peer->name != one.node; });
    if (peers.empty())
        return makeError(StatusCode::kUnavailable, "NO_PEER_RUNS", "no peer runs that could tell");
    const NetworkNode& peer = *peers.front();
    const std::string& owner = folder.organisations()[peer.organisation].plan().name;
    ASSIGN_OR_RETURN(const auto context,
                     CreateNetwork(m_connector, deadline).actAs(folder, owner, "Admin"));
    ASSIGN_OR_RETURN(const auto address, folder.address(peer));
    ASSIGN_OR_RETURN(const auto delivery, m_connector.peerDelivery(address));
    for (BlockNumber number = play.began[one.channel];; ++number) {
        while (true) {
            ASSIGN_OR_RETURN(const auto height, heightOf(peer.name, one.channel, deadline));
            if (height > number) break;
            if (std::chrono::steady_clock::now() >= deadline)
                return makeError(StatusCode::kDeadlineExceeded, "WAITED_IN_VAIN",
                                 fmt::format("no event {} up to block {}", one.event, number));
            if (!play.sleepUntil(deadlineIn(kBetweenLooks)) && play.stop.stop_requested())
                return stopped();
        }
        ASSIGN_OR_RETURN(Bytes bytes,
                         ReadChannel().block(context, *delivery, one.channel, number, deadline));
        ASSIGN_OR_RETURN(const auto block, protocol::Block::parse(std::move(bytes)));
        if (!hasEvent(block, one)) continue;
        result.block = number;
        result.told = fmt::format("{} was told in block {}", one.event, number);
        return absl::OkStatus();
    }
}

StepResult PlayScenario::step(Play& play, std::size_t index) {
    const ScenarioStep& step = play.scenario.steps[index];
    StepResult result{.name = step.name, .kind = step.kind()};
    play.step = index + 1;
    const auto began = std::chrono::steady_clock::now();
    Status status;
    if (const auto* one = std::get_if<ScenarioTransaction>(&step.action))
        status = transaction(play, *one, result);
    else if (const auto* asked = std::get_if<ScenarioQuery>(&step.action))
        status = query(play, *asked, result);
    else if (const auto* many = std::get_if<ScenarioTraffic>(&step.action))
        status = traffic(play, *many, result);
    else if (const auto* changed = std::get_if<ScenarioNodeChange>(&step.action))
        status = change(play, *changed, result);
    else if (const auto* waits = std::get_if<ScenarioWait>(&step.action))
        status = wait(play, *waits, result);
    result.took = std::chrono::steady_clock::now() - began;
    result.outcome = status.ok() ? StepResult::Outcome::Done : StepResult::Outcome::Failed;
    if (!status.ok()) result.told = oneLine(status);
    return result;
}

Result<ScenarioResult> PlayScenario::run(const Request& request) {
    const Scenario& scenario = request.scenario;
    RETURN_IF_ERROR(checkScenario(scenario, m_network.folder().topology()));
    Play play{.scenario = scenario,
              .seed = request.seed.value_or(scenario.seed),
              .deadline = request.deadline,
              .stop = request.stop,
              .began = {}};
    for (const ScenarioStep& one : scenario.steps)
        if (const auto* waits = std::get_if<ScenarioWait>(&one.action);
            waits != nullptr && !waits->event.empty() && !play.began.contains(waits->channel)) {
            ASSIGN_OR_RETURN(const auto peers, runningPeers(waits->channel, play));
            if (!peers.empty()) {
                ASSIGN_OR_RETURN(
                    play.began[waits->channel],
                    heightOf(peers.front()->name, waits->channel, play.within(kCallPatience)));
            }
        }
    ScenarioResult result{.scenario = scenario.name, .seed = play.seed};
    bool goesOn = true;
    for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
        const ScenarioStep& one = scenario.steps[i];
        if (goesOn && (request.stop.stop_requested() || (request.before && !request.before(one)))) {
            goesOn = false;
            result.isStopped = true;
        }
        if (!goesOn) {
            result.steps.push_back({.name = one.name, .kind = one.kind()});
            continue;
        }
        result.steps.push_back(step(play, i));
        goesOn = result.steps.back().outcome == StepResult::Outcome::Done;
        result.isStopped = result.isStopped || request.stop.stop_requested();
        if (request.after) request.after(result.steps.back());
    }
    return result;
}

}  // namespace chancery::usecase
