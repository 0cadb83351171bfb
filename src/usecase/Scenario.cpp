#include "src/usecase/Scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"

namespace chancery::usecase {
namespace {

Status badPlaceholder(std::string_view which) {
    return makeError(
        StatusCode::kInvalidArgument, "BAD_PLACEHOLDER",
        fmt::format("{{{}}} is none of {{seed}}, {{n}}, {{random:A..B}} and {{hash:TEXT}}",
                    printable(which, 64)));
}

/// SplitMix64: well mixed, and the same everywhere.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

bool readNumber(std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

Result<std::string> valueOf(std::string_view which, std::uint64_t seed, std::uint64_t step,
                            std::uint64_t number, std::uint64_t place) {
    if (which == "seed") return std::to_string(seed);
    if (which == "n") return std::to_string(number);
    constexpr std::string_view kHash = "hash:";
    if (which.starts_with(kHash))
        return toHex(crypto::sha256(fmt::format("{}-{}", seed, which.substr(kHash.size()))));
    constexpr std::string_view kRandom = "random:";
    const std::size_t dots = which.find("..");
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (!which.starts_with(kRandom) || dots == which.npos ||
        !readNumber(which.substr(kRandom.size(), dots - kRandom.size()), low) ||
        !readNumber(which.substr(dots + 2), high) || low > high || high - low > (1ULL << 53))
        return badPlaceholder(which);
    const std::uint64_t drawn = mixed(mixed(mixed(mixed(seed) + step) + number) + place);
    return std::to_string(low + drawn % (high - low + 1));
}

const ScenarioCall* callOf(const ScenarioStep& step) {
    if (const auto* one = std::get_if<ScenarioTransaction>(&step.action)) return &one->call;
    if (const auto* one = std::get_if<ScenarioQuery>(&step.action)) return &one->call;
    if (const auto* one = std::get_if<ScenarioTraffic>(&step.action)) return &one->call;
    return nullptr;
}

Status doesNotFit(const ScenarioStep& step, const std::string& why) {
    return makeError(StatusCode::kFailedPrecondition, "SCENARIO_DOES_NOT_FIT",
                     fmt::format("step {}: {}", step.name, why), {{"step", step.name}});
}

const TopologyChannel* channelOf(const Topology& topology, const ChannelId& name) {
    const auto found = std::ranges::find(topology.channels, name, &TopologyChannel::name);
    return found == topology.channels.end() ? nullptr : &*found;
}

Status checkCall(const ScenarioStep& step, const ScenarioCall& call, const Topology& topology) {
    const TopologyChannel* channel = channelOf(topology, call.channel);
    if (channel == nullptr) return doesNotFit(step, "there is no channel " + call.channel.str());
    const TopologyOrganisation* owner = topology.organisation(call.organisation);
    if (owner == nullptr) return doesNotFit(step, "there is no organisation " + call.organisation);
    if (call.user != "Admin" && std::ranges::find(owner->users, call.user) == owner->users.end())
        return doesNotFit(step, fmt::format("{} has no user {}", call.organisation, call.user));
    for (const std::string& endorser : call.endorsers)
        if (std::ranges::find(channel->members, endorser) == channel->members.end())
            return doesNotFit(step,
                              fmt::format("{} is no member of {}", endorser, call.channel.str()));
    return absl::OkStatus();
}

bool hasNode(const Topology& topology, const std::string& name, bool onlyPeers) {
    return std::ranges::any_of(topology.organisations, [&](const TopologyOrganisation& one) {
        const bool peers = one.kind == OrganisationPlan::Kind::Peers;
        return (peers || !onlyPeers) &&
               std::ranges::any_of(one.nodes, [&](const std::string& node) {
                   return node + "." + one.domain == name;
               });
    });
}

}  // namespace

// Made from resources/scenarios when the program is built.
extern const std::string_view kScenarioSchema;
extern const std::string_view kScenarioTexts[];
extern const std::size_t kScenarioCount;

std::uint64_t ScenarioTraffic::calls() const {
    const std::uint64_t inTime = std::uint64_t(perSecond) * seconds;
    return count == 0 ? inTime : seconds == 0 ? count : std::min<std::uint64_t>(count, inTime);
}

const char* ScenarioStep::kind() const {
    static constexpr const char* kKinds[] = {"note",    "transaction", "query",
                                             "traffic", "node",        "wait"};
    return kKinds[action.index()];
}

Result<std::string> fillArgument(std::string_view argument, std::uint64_t seed, std::uint64_t step,
                                 std::uint64_t number) {
    std::string filled;
    std::uint64_t place = 0;
    for (std::size_t at = 0; at < argument.size();) {
        // JSON in an argument has braces too: a placeholder is {, a small letter, …, }.
        const bool opens = argument[at] == '{' && at + 1 < argument.size() &&
                           argument[at + 1] >= 'a' && argument[at + 1] <= 'z';
        if (!opens) {
            filled += argument[at++];
            continue;
        }
        const std::size_t end = argument.find('}', at);
        if (end == argument.npos) return badPlaceholder(argument.substr(at + 1));
        ASSIGN_OR_RETURN(const std::string value, valueOf(argument.substr(at + 1, end - at - 1),
                                                          seed, step, number, place++));
        filled += value;
        at = end + 1;
    }
    return filled;
}

Status checkScenario(const Scenario& scenario, const Topology& topology) {
    for (const ScenarioStep& step : scenario.steps) {
        if (const ScenarioCall* call = callOf(step))
            RETURN_IF_ERROR(checkCall(step, *call, topology));
        if (const auto* change = std::get_if<ScenarioNodeChange>(&step.action);
            change != nullptr && !hasNode(topology, change->node, false))
            return doesNotFit(step, "there is no node " + change->node);
        if (const auto* wait = std::get_if<ScenarioWait>(&step.action)) {
            if (channelOf(topology, wait->channel) == nullptr)
                return doesNotFit(step, "there is no channel " + wait->channel.str());
            if (!wait->node.empty() && !hasNode(topology, wait->node, true))
                return doesNotFit(step, "there is no peer " + wait->node);
        }
    }
    return absl::OkStatus();
}

const std::vector<Scenario>& builtInScenarios() {
    static const std::vector<Scenario> all = [] {
        std::vector<Scenario> read;
        // A test reads each of them, so none is bad.
        for (std::size_t i = 0; i < kScenarioCount; ++i)
            if (auto one = readScenario(kScenarioTexts[i]); one.ok())
                read.push_back(*std::move(one));
        return read;
    }();
    return all;
}

std::string_view scenarioSchema() {
    return kScenarioSchema;
}

Result<Scenario> findScenario(const std::string& nameOrFile) {
    if (nameOrFile.find('/') != std::string::npos || nameOrFile.ends_with(".json")) {
        ASSIGN_OR_RETURN(const Bytes text, readFile(nameOrFile, kMostScenarioBytes));
        return readScenario(text);
    }
    std::string names;
    for (const Scenario& one : builtInScenarios()) {
        if (one.name == nameOrFile) return one;
        names += (names.empty() ? "" : ", ") + one.name;
    }
    return makeError(
        StatusCode::kNotFound, "NO_SCENARIO",
        fmt::format("there is no scenario {}; there are {}", printable(nameOrFile, 64), names),
        {{"name", printable(nameOrFile, 64)}});
}

}  // namespace chancery::usecase
