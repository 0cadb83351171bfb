#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/base/Ids.h"
#include "src/usecase/Topology.h"

namespace chancery::usecase {

/// What a step of a scenario calls, and as whom. Arguments may hold {seed}, {n} (the number of the
/// call within its traffic, from 1 on), {random:A..B} (a whole number, the same for each run with
/// the same seed) and {hash:TEXT} (SHA-256 in hex, of the seed and the text).
struct ScenarioCall {
    ChannelId channel;
    std::string contract;
    std::string organisation;
    std::string user = "User1";
    std::vector<std::string> arguments;  ///< function first
    /// Organisations whose peers endorse; empty: all members of the channel.
    std::vector<std::string> endorsers;
    friend bool operator==(const ScenarioCall&, const ScenarioCall&) = default;
};

/// Nothing but its text.
struct ScenarioNote {
    friend bool operator==(const ScenarioNote&, const ScenarioNote&) = default;
};
/// A transaction that shall be committed, or refused.
struct ScenarioTransaction {
    enum class Expect { Committed, Refused, Invalid, Either };
    ScenarioCall call;
    Expect expect = Expect::Committed;
    std::string because;  ///< part of the refusal, "ALREADY_FINANCED"; of Invalid: the code's name
                          ///< Either is Committed or Refused
    friend bool operator==(const ScenarioTransaction&, const ScenarioTransaction&) = default;
};
/// A question to one peer.
struct ScenarioQuery {
    ScenarioCall call;
    std::string contains;  ///< part of the answer
    friend bool operator==(const ScenarioQuery&, const ScenarioQuery&) = default;
};
/// Transactions one after the other at a rate; ends at the count or the time, what comes first.
struct ScenarioTraffic {
    ScenarioCall call;
    std::uint32_t perSecond = 10;
    std::uint32_t count = 0;
    std::uint32_t seconds = 0;
    std::uint32_t mayFail = 0;  ///< so many may be refused or invalid
    /// At most so many calls are sent.
    std::uint64_t calls() const;
    friend bool operator==(const ScenarioTraffic&, const ScenarioTraffic&) = default;
};
/// Something is done to a node. Who is killed is started again by the agent.
struct ScenarioNodeChange {
    enum class Change { Stop, Start, Kill };
    std::string node;
    Change change = Change::Stop;
    friend bool operator==(const ScenarioNodeChange&, const ScenarioNodeChange&) = default;
};
/// Until a peer has so many blocks of a channel, or as many as its orderer; or until a contract
/// has told an event since the scenario began.
struct ScenarioWait {
    ChannelId channel;
    std::string node;  ///< the peer; of an event: empty, any
    std::uint64_t height = 0;
    bool level = false;
    std::string contract, event;
    std::uint32_t seconds = 30;  ///< at most
    friend bool operator==(const ScenarioWait&, const ScenarioWait&) = default;
};

struct ScenarioStep {
    std::string name;  ///< a-z, 0-9 and '-', once in a scenario
    Label text;
    std::variant<ScenarioNote, ScenarioTransaction, ScenarioQuery, ScenarioTraffic,
                 ScenarioNodeChange, ScenarioWait>
        action;
    /// "note", "transaction", "query", "traffic", "node", "wait".
    const char* kind() const;
    friend bool operator==(const ScenarioStep&, const ScenarioStep&) = default;
};

/// A story that is played on a network, step by step.
struct Scenario {
    std::string name;  ///< as of a topology
    Label label, about;
    std::string topology;  ///< that it was written for; empty: any with its names
    std::uint64_t seed = 1;
    std::vector<ScenarioStep> steps;
    friend bool operator==(const Scenario&, const Scenario&) = default;
};

/// Beyond these nothing is read: 1 MiB of text, 200 steps, 100,000 transactions and an hour of all
/// traffic and waiting together.
inline constexpr std::size_t kMostScenarioBytes = 1U << 20;
inline constexpr std::size_t kMostScenarioSteps = 200;
inline constexpr std::uint64_t kMostScenarioCalls = 100'000;
inline constexpr std::uint64_t kMostScenarioSeconds = 3'600;

/// The file's form is resources/scenarios/schema.json. INVALID_ARGUMENT (BAD_SCENARIO) with `line`,
/// `column` and `path`; RESOURCE_EXHAUSTED (BAD_SCENARIO) beyond the limits.
Result<Scenario> readScenario(BytesView text);
/// The same file again.
std::string toText(const Scenario& scenario);
/// Whether a network has what its steps name. FAILED_PRECONDITION (SCENARIO_DOES_NOT_FIT) with
/// `step`.
Status checkScenario(const Scenario& scenario, const Topology& topology);

/// Those that come with the program.
const std::vector<Scenario>& builtInScenarios();
/// By name, or from a file when it has a '/' or ends with ".json". NOT_FOUND (NO_SCENARIO) with the
/// names that there are.
Result<Scenario> findScenario(const std::string& nameOrFile);
/// The schema of the file, JSON Schema draft 2020-12.
std::string_view scenarioSchema();

/// An argument with its placeholders filled. Deterministic: `step` and `number` (from 1 on) choose
/// what {random:A..B} gives. INVALID_ARGUMENT (BAD_PLACEHOLDER).
Result<std::string> fillArgument(std::string_view argument, std::uint64_t seed, std::uint64_t step,
                                 std::uint64_t number);

}  // namespace chancery::usecase
