#include "src/cli/ScenarioCommands.h"

#include <fmt/format.h>

#include <iostream>

#include "src/base/File.h"
#include "src/cli/Interrupt.h"
#include "src/cli/NetworkText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/GrpcConnector.h"

namespace chancery::cli {
namespace {

using usecase::HostSettings;
using usecase::NetworkFolder;
using usecase::ScenarioStep;
using usecase::StepResult;

constexpr std::chrono::hours kPlayPatience{2};
constexpr std::chrono::seconds kAskPatience{10};

void tellResult(Session& session, const StepResult& result) {
    const bool done = result.outcome == StepResult::Outcome::Done;
    session.out().item(done ? good("✓") : bad("✗"), strong(result.name) + Text("  " + result.told) +
                                                        quiet("  " + milliseconds(result.took)));
}

}  // namespace

Help ScenarioListCommand::help() const {
    return {.summary = "List the scenarios that come with the program",
            .about = {},
            .examples = {{.what = "What can be played?", .arguments = "scenario list"}}};
}

ExitCode ScenarioListCommand::run(Session& session) {
    Json all = Json::array();
    Table table({{.title = "Name"},
                 {.title = "What happens", .fit = Fit::Wrap},
                 {.title = "Topology"},
                 {.title = "Steps", .align = Align::Right}});
    for (const usecase::Scenario& one : usecase::builtInScenarios()) {
        all.push_back({{"name", one.name},
                       {"label", {{"en", one.label.en}, {"zh", one.label.zh}}},
                       {"about", {{"en", one.about.en}, {"zh", one.about.zh}}},
                       {"topology", one.topology},
                       {"steps", one.steps.size()}});
        table.row({strong(one.name), Text(one.about.en), Text(one.topology),
                   Text(number(one.steps.size()))});
    }
    if (session.wantsJson())
        session.print(all);
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help ScenarioShowCommand::help() const {
    return {.summary = "Tell the steps of a scenario",
            .about = {"--output json gives the scenario's own file, which can be changed and "
                      "played."},
            .examples = {{.what = "Payments between two banks",
                          .arguments = "scenario show first-payments"}}};
}

void ScenarioShowCommand::declare(CommandLine& line) {
    line.value(
        {.names = "SCENARIO", .help = "A name of \"scenario list\", or a file", .required = true},
        m_scenario);
}

ExitCode ScenarioShowCommand::run(Session& session) {
    const auto scenario = usecase::findScenario(m_scenario);
    if (!scenario.ok()) return session.fail(scenario.status());
    if (session.wantsJson()) {
        session.out().raw(usecase::toText(*scenario));
        return ExitCode::Ok;
    }
    session.out().heading(scenario->label.en);
    if (!scenario->about.en.empty()) session.out().paragraph(Text(scenario->about.en));
    Table table({{.title = "Step"}, {.title = "Kind"}, {.title = "What", .fit = Fit::Wrap}});
    for (const ScenarioStep& step : scenario->steps)
        table.row({strong(step.name), Text(step.kind()), Text(step.text.en)});
    session.out().table(table);
    session.out().fields(
        {{"Topology", Text(scenario->topology)}, {"Seed", Text(std::to_string(scenario->seed))}});
    return ExitCode::Ok;
}

Help ScenarioCheckCommand::help() const {
    return {.summary = "Check a scenario's file",
            .about = {"Its form, its limits, and with --topology whether a network of that kind "
                      "has what its steps name."},
            .examples = {{.what = "One that comes with the program",
                          .arguments = "scenario check resources/scenarios/peer-fails.json "
                                       "--topology two-banks"}}};
}

void ScenarioCheckCommand::declare(CommandLine& line) {
    line.value({.names = "FILE",
                .help = "Scenario",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_file);
    line.value({.names = "--topology",
                .help = "A name of \"topology list\", or a file; default: what the scenario names",
                .value = "NAME"},
               m_topology);
}

ExitCode ScenarioCheckCommand::run(Session& session) {
    const auto text = readFile(m_file, usecase::kMostScenarioBytes);
    if (!text.ok()) return session.fail(text.status());
    const auto scenario = usecase::readScenario(*text);
    if (!scenario.ok()) return session.fail(scenario.status());
    const std::string name = m_topology.value_or(scenario->topology);
    if (!name.empty()) {
        const auto topology = usecase::findTopology(name);
        if (!topology.ok()) return session.fail(topology.status());
        if (const Status fits = usecase::checkScenario(*scenario, *topology); !fits.ok())
            return session.fail(fits);
    }
    if (session.wantsJson())
        session.print({{"name", scenario->name}, {"steps", scenario->steps.size()}});
    else
        session.out().item(good("✓"), fmt::format("{}: {}", scenario->name,
                                                  counted(scenario->steps.size(), "step")));
    return ExitCode::Ok;
}

Help ScenarioRunCommand::help() const {
    return {
        .summary = "Play a scenario on a network that runs",
        .about = {"Each step is told before it is done, and what became of it. The first one that "
                  "does not end as it shall ends the play. With --step it waits for Enter before "
                  "each; \"q\" ends it. Ctrl-C ends it too; what was committed stays.",
                  "A scenario plays the same way for the same seed. Names and requests in those "
                  "that come with the program hold the seed: play them again with another."},
        .examples = {{.what = "The network must have what it names",
                      .arguments = "scenario run double-financing --network network",
                      .ends = ExitCode::UnreadableInput,
                      .needsNetwork = true}}};
}

void ScenarioRunCommand::declare(CommandLine& line) {
    line.value({.names = "SCENARIO",
                .help = "A name of \"scenario list\", or a file; without: that of the lab file "
                        "which the network came from"},
               m_scenario);
    NetworkFolderCommand::declare(line);
    line.flag("--step", "Wait for Enter before each step", m_step);
    line.value({.names = "--seed",
                .help = "Another seed than the scenario's own",
                .kind = ValueKind::Number,
                .value = "N"},
               m_seed);
    line.value({.names = "--out",
                .help = "Record what became of each step, as JSON",
                .kind = ValueKind::Path,
                .value = "FILE"},
               m_out);
    line.value({.names = "--language",
                .help = "Of the steps' texts",
                .kind = ValueKind::Choice,
                .value = "LANGUAGE",
                .choices = {"en", "zh"}},
               m_language);
}

void ScenarioRunCommand::tell(Session& session, const ScenarioStep& step) const {
    session.out().blank();
    session.out().paragraph(Text(m_language == "zh" ? step.text.zh : step.text.en));
}

ExitCode ScenarioRunCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const auto scenario =
        usecase::findScenario(m_scenario.value_or((folder->folder() / "scenario.json").string()));
    if (!scenario.ok()) return session.fail(scenario.status());
    const Interrupt interrupt;
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadlineIn(kAskPatience));
    if (!hosts.ok()) return session.fail(hosts.status());
    usecase::RunningNetwork network(*std::move(folder), *std::move(hosts));
    client::GrpcConnector connector;
    const bool tells = !session.wantsJson();
    const auto result = usecase::PlayScenario(network, connector)
                            .run({
                                .scenario = *scenario,
                                .seed = m_seed,
                                .deadline = deadlineIn(kPlayPatience),
                                .stop = interrupt.token(),
                                .before =
                                    [&](const ScenarioStep& step) {
                                        if (tells) tell(session, step);
                                        if (!m_step) return true;
                                        std::string line;
                                        return bool(std::getline(std::cin, line)) && line != "q";
                                    },
                                .after =
                                    [&](const StepResult& step) {
                                        if (tells) tellResult(session, step);
                                    },
                            });
    if (!result.ok()) return session.fail(result.status());
    const std::string text = usecase::toText(*result);
    if (!m_out.empty())
        if (const Status written = writeNewFile(m_out, text); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) session.out().raw(text);
    if (result->isStopped) return ExitCode::Interrupted;
    return result->isGood() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
