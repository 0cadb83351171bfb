#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/usecase/Json.h"
#include "src/usecase/Scenario.h"
#include "src/usecase/TopologyJson.h"

namespace chancery::usecase {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMostArguments = 64;
constexpr std::size_t kMostArgument = 64U << 10;
constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostName = 128;
constexpr std::size_t kMostEndorsers = 64;

struct ExpectName {
    ScenarioTransaction::Expect value;
    const char* name;
};
constexpr ExpectName kExpects[] = {{ScenarioTransaction::Expect::Committed, "committed"},
                                   {ScenarioTransaction::Expect::Refused, "refused"},
                                   {ScenarioTransaction::Expect::Invalid, "invalid"},
                                   {ScenarioTransaction::Expect::Either, "either"}};
struct ChangeName {
    ScenarioNodeChange::Change value;
    const char* name;
};
constexpr ChangeName kChanges[] = {{ScenarioNodeChange::Change::Stop, "stop"},
                                   {ScenarioNodeChange::Change::Start, "start"},
                                   {ScenarioNodeChange::Change::Kill, "kill"}};

bool isName(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string boundedName(StrictJson& in, const char* name, bool required) {
    std::string value = required ? in.required(name) : in.text(name);
    if (value.size() > kMostName) in.fail(name, fmt::format("is longer than {} bytes", kMostName));
    return value;
}

Label readLabel(StrictJson in, bool required) {
    Label label{.en = required ? in.required("en") : in.text("en"),
                .zh = required ? in.required("zh") : in.text("zh")};
    if (label.en.size() > kMostText) in.fail("en", "is too long");
    if (label.zh.size() > kMostText) in.fail("zh", "is too long");
    return label;
}

ScenarioCall readCall(StrictJson& in) {
    ScenarioCall call{.channel = ChannelId(boundedName(in, "channel", true)),
                      .contract = boundedName(in, "contract", true),
                      .organisation = boundedName(in, "organisation", true),
                      .user = in.text("user", "User1"),
                      .arguments = in.texts("arguments"),
                      .endorsers = in.texts("endorsers")};
    if (call.user.empty() || call.user.size() > kMostName || call.user.find('/') != call.user.npos)
        in.fail("user", "is no name of a user");
    if (call.arguments.empty()) in.fail("arguments", "needs a function at least");
    if (call.arguments.size() > kMostArguments) in.fail("arguments", "are too many");
    if (call.endorsers.size() > kMostEndorsers) in.fail("endorsers", "are too many");
    for (const std::string& argument : call.arguments) {
        if (argument.size() > kMostArgument) in.fail("arguments", "has one that is too long");
        if (const auto filled = fillArgument(argument, 1, 1, 1); !filled.ok())
            in.fail("arguments", std::string(messageOf(filled.status())));
    }
    return call;
}

ScenarioTransaction readTransaction(StrictJson in) {
    ScenarioTransaction one{.call = readCall(in), .because = boundedName(in, "because", false)};
    const std::string expect = in.text("expect", "committed");
    const auto* found = std::ranges::find(
        kExpects, expect, [](const ExpectName& row) { return std::string(row.name); });
    if (found == std::end(kExpects))
        in.fail("expect", "is none of committed, refused, invalid, either");
    else
        one.expect = found->value;
    if (one.expect == ScenarioTransaction::Expect::Committed && !one.because.empty())
        in.fail("because", "is only for what is refused or invalid");
    return one;
}

ScenarioTraffic readTraffic(StrictJson in) {
    ScenarioTraffic one{.call = readCall(in)};
    one.perSecond = static_cast<std::uint32_t>(in.number("perSecond", 10, 1, 1'000));
    one.count = static_cast<std::uint32_t>(in.number("count", 0, 1, kMostScenarioCalls));
    one.seconds = static_cast<std::uint32_t>(in.number("seconds", 0, 1, kMostScenarioSeconds));
    one.mayFail = static_cast<std::uint32_t>(in.number("mayFail", 0, 0, kMostScenarioCalls));
    if (one.count == 0 && one.seconds == 0) in.fail("count", "or seconds must say when it ends");
    return one;
}

ScenarioNodeChange readChange(StrictJson in) {
    ScenarioNodeChange one{.node = boundedName(in, "node", true)};
    const std::string change = in.required("do");
    const auto* found = std::ranges::find(
        kChanges, change, [](const ChangeName& row) { return std::string(row.name); });
    if (found == std::end(kChanges))
        in.fail("do", "is none of stop, start, kill");
    else
        one.change = found->value;
    return one;
}

ScenarioWait readWait(StrictJson in) {
    ScenarioWait one{.channel = ChannelId(boundedName(in, "channel", true)),
                     .node = boundedName(in, "node", false),
                     .height = in.number("height", 0, 1, 1ULL << 53),
                     .contract = boundedName(in, "contract", false),
                     .event = boundedName(in, "event", false)};
    one.level = in.number("level", 0, 0, 1) == 1;
    one.seconds = static_cast<std::uint32_t>(in.number("seconds", 30, 1, kMostScenarioSeconds));
    const int ways = int(one.height > 0) + int(one.level) + int(!one.event.empty());
    if (ways != 1) in.fail("height", "or level or event, one of them, must be there");
    if (one.event.empty() && one.node.empty()) in.fail("node", "is missing");
    if (one.event.empty() != one.contract.empty()) in.fail("contract", "and event belong together");
    return one;
}

ScenarioStep readStep(StrictJson in) {
    ScenarioStep step{.name = in.required("name"), .text = readLabel(in.member("text"), true)};
    if (!isName(step.name)) in.fail("name", "may only have a-z, 0-9 and '-', at most 64");
    int actions = 0;
    const auto take = [&](const char* name, const auto& read) {
        if (!in.has(name)) return;
        ++actions;
        step.action = read(in.member(name));
    };
    take("note", [](StrictJson) { return ScenarioNote{}; });
    take("transaction", readTransaction);
    take("query", [](StrictJson query) {
        ScenarioQuery one{.call = readCall(query)};
        one.contains = query.text("contains");
        if (one.contains.size() > kMostText) query.fail("contains", "is too long");
        return one;
    });
    take("traffic", readTraffic);
    take("node", readChange);
    take("wait", readWait);
    if (actions != 1)
        in.fail("name",
                "needs exactly one of note, transaction, query, traffic, node, wait beside it");
    return step;
}

/// What all steps together may cost.
void checkTotals(StrictJson& in, const Scenario& scenario) {
    std::uint64_t calls = 0;
    std::uint64_t seconds = 0;
    std::set<std::string> names;
    for (const ScenarioStep& step : scenario.steps) {
        if (!names.insert(step.name).second) in.fail("steps", "has two with the name " + step.name);
        if (const auto* traffic = std::get_if<ScenarioTraffic>(&step.action)) {
            calls += traffic->calls();
            seconds +=
                traffic->seconds != 0 ? traffic->seconds : traffic->count / traffic->perSecond;
        } else if (const auto* wait = std::get_if<ScenarioWait>(&step.action)) {
            seconds += wait->seconds;
        } else {
            ++calls;
        }
    }
    if (calls > kMostScenarioCalls)
        in.fail("steps",
                fmt::format("send more than {} transactions together", kMostScenarioCalls));
    if (seconds > kMostScenarioSeconds)
        in.fail("steps", fmt::format("take more than {} s together", kMostScenarioSeconds));
}

Json textOf(const Label& label) {
    return {{"en", label.en}, {"zh", label.zh}};
}

Json textOf(const ScenarioCall& call) {
    Json json{{"channel", call.channel.str()},
              {"contract", call.contract},
              {"organisation", call.organisation},
              {"user", call.user},
              {"arguments", call.arguments}};
    if (!call.endorsers.empty()) json["endorsers"] = call.endorsers;
    return json;
}

struct ActionText {
    Json operator()(const ScenarioNote&) const { return Json::object(); }
    Json operator()(const ScenarioTransaction& one) const {
        Json json = textOf(one.call);
        for (const ExpectName& row : kExpects)
            if (row.value == one.expect) json["expect"] = row.name;
        if (!one.because.empty()) json["because"] = one.because;
        return json;
    }
    Json operator()(const ScenarioQuery& one) const {
        Json json = textOf(one.call);
        if (!one.contains.empty()) json["contains"] = one.contains;
        return json;
    }
    Json operator()(const ScenarioTraffic& one) const {
        Json json = textOf(one.call);
        json["perSecond"] = one.perSecond;
        if (one.count != 0) json["count"] = one.count;
        if (one.seconds != 0) json["seconds"] = one.seconds;
        if (one.mayFail != 0) json["mayFail"] = one.mayFail;
        return json;
    }
    Json operator()(const ScenarioNodeChange& one) const {
        Json json{{"node", one.node}};
        for (const ChangeName& row : kChanges)
            if (row.value == one.change) json["do"] = row.name;
        return json;
    }
    Json operator()(const ScenarioWait& one) const {
        Json json{{"channel", one.channel.str()}};
        if (!one.node.empty()) json["node"] = one.node;
        if (one.height != 0) json["height"] = one.height;
        if (one.level) json["level"] = 1;
        if (!one.event.empty()) json.update({{"contract", one.contract}, {"event", one.event}});
        json["seconds"] = one.seconds;
        return json;
    }
};

}  // namespace

Result<Scenario> readScenario(BytesView text) {
    StrictJsonLimits limits;
    limits.bytes = kMostScenarioBytes;
    ASSIGN_OR_RETURN(StrictJson in, StrictJson::parse(text, "BAD_SCENARIO", limits));
    Scenario scenario;
    if (in.text("$schema"); in.number("format", 0, 0, 1'000) != kFormat)
        in.fail("format", "is not 1, which is the form that this program knows");
    scenario.name = in.required("name");
    if (!isName(scenario.name)) in.fail("name", "may only have a-z, 0-9 and '-', at most 64");
    scenario.label = readLabel(in.member("label"), true);
    scenario.about = readLabel(in.member("about"), false);
    scenario.topology = boundedName(in, "topology", false);
    scenario.seed = in.number("seed", 1, 0, 1ULL << 53);
    auto steps = in.objects("steps");
    if (steps.empty()) in.fail("steps", "needs one at least");
    if (steps.size() > kMostScenarioSteps)
        return makeError(StatusCode::kResourceExhausted, "BAD_SCENARIO",
                         fmt::format("there are more than {} steps", kMostScenarioSteps),
                         {{"path", "/steps"}});
    for (StrictJson& one : steps) scenario.steps.push_back(readStep(one));
    checkTotals(in, scenario);
    RETURN_IF_ERROR(in.finish());
    return scenario;
}

std::string toText(const Scenario& scenario) {
    Json json{{"format", kFormat},
              {"name", scenario.name},
              {"label", textOf(scenario.label)},
              {"about", textOf(scenario.about)}};
    if (!scenario.topology.empty()) json["topology"] = scenario.topology;
    json["seed"] = scenario.seed;
    for (const ScenarioStep& step : scenario.steps)
        json["steps"].push_back({{"name", step.name},
                                 {"text", textOf(step.text)},
                                 {step.kind(), std::visit(ActionText{}, step.action)}});
    return toText(json);
}

}  // namespace chancery::usecase
