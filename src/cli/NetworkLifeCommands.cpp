#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Interruption.h"
#include "src/cli/NetworkCommands.h"
#include "src/cli/NetworkText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using usecase::HostSettings;
using usecase::NetworkFolder;
using usecase::RunningNetwork;

constexpr std::chrono::seconds kLifePatience{60};
constexpr std::chrono::seconds kAskLifePatience{10};

}  // namespace

void NetworkFolderCommand::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    m_hosts.declare(line);
}

Help NetworkStartCommand::help() const {
    return {.summary = "Start the network in a folder and serve until Ctrl-C",
            .about = {"The nodes listen where they did before and go on with the ledgers that they "
                      "have. They end with this command, unless it is told to leave them running: "
                      "then \"network stop\" ends them. Starting what runs already is no error."},
            .examples = {{.what = "Nodes that run already go on",
                          .arguments = "network start --network network --detached",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void NetworkStartCommand::declare(CommandLine& line) {
    NetworkFolderCommand::declare(line);
    line.flag("--once", "Stop as soon as all nodes serve", m_once);
    line.flag("--detached", "Return when all nodes serve and leave them running", m_detached);
}

ExitCode NetworkStartCommand::run(Session& session) {
    const Interruption interruption;
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    Steps steps(session);
    const Deadline deadline = deadlineIn(kLifePatience);
    auto hosts = m_hosts.open(
        *folder, m_detached ? HostSettings::Local::KeepsRunning : HostSettings::Local::EndsWithUs,
        deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    RunningNetwork network(*std::move(folder), *std::move(hosts));
    if (const Status started = network.startAll(deadline); !started.ok())
        return session.fail(started);
    steps.tell("all nodes serve", steps.sinceStart());
    tellAddresses(session, network.folder());
    if (m_detached) return ExitCode::Ok;
    if (!m_once) interruption.wait();
    if (const Status stopped = network.stopAll(); !stopped.ok()) return session.fail(stopped);
    return ExitCode::Ok;
}

Help NetworkStopCommand::help() const {
    return {
        .summary = "Stop the nodes of a network that goes on by itself",
        .about = {"At all its hosts; the agent of this machine ends too. Ledgers stay. Stopping "
                  "what does not run is no error."},
        .examples = {{.what = "A folder without a network",
                      .arguments = "network stop --network nowhere",
                      .ends = ExitCode::UnreadableInput,
                      .needsNetwork = true}}};
}

ExitCode NetworkStopCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const Deadline deadline = deadlineIn(kLifePatience);
    const auto began = std::chrono::steady_clock::now();
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadline);
    const bool running = hosts.ok();
    if (!running && reasonOf(hosts.status()) != "AGENT_NOT_RUNNING")
        return session.fail(hosts.status());
    if (running) {
        RunningNetwork network(*std::move(folder), *std::move(hosts));
        if (const Status stopped = network.stopAll(deadline); !stopped.ok())
            return session.fail(stopped);
        if (const Status ended = network.hosts().endLocal(deadline); !ended.ok())
            return session.fail(ended);
    }
    if (session.wantsJson())
        session.print({{"was_running", running}});
    else
        session.out().item(
            good("✓"), Text(running ? "stopped" : "was not running") +
                           quiet("  " + milliseconds(std::chrono::steady_clock::now() - began)));
    return ExitCode::Ok;
}

Help NetworkStatusCommand::help() const {
    return {.summary = "Tell whether the nodes of a network serve",
            .about = {"The agents of its hosts are asked: which processes run, since when, where "
                      "they listen, and why those that do not run have ended."},
            .examples = {{.what = "Is everything in order?",
                          .arguments = "network status --network network",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

ExitCode NetworkStatusCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadlineIn(kAskLifePatience));
    std::map<std::string, interfaces::NodeState> states;
    std::vector<std::string> names;
    for (const auto* nodes : {&folder->nodes(), &folder->authorities()})
        for (const auto& node : *nodes) names.push_back(node.name);
    if (hosts.ok()) {
        const RunningNetwork network(*std::move(folder), *std::move(hosts));
        const auto told = network.states(deadlineIn(kAskLifePatience));
        if (!told.ok()) return session.fail(told.status());
        for (const interfaces::NodeState& state : *told) states[state.ref.node] = state;
    } else if (reasonOf(hosts.status()) != "AGENT_NOT_RUNNING") {
        return session.fail(hosts.status());
    }
    Json all = Json::object();
    bool everything = true;
    for (const std::string& name : names) {
        const auto found = states.find(name);
        const bool serves =
            found != states.end() && found->second.phase == interfaces::NodePhase::Running;
        everything = everything && serves;
        all[name] = found == states.end() ? Json{{"phase", "stopped"}} : toJson(found->second);
        all[name]["healthy"] = serves;
        if (session.wantsJson()) continue;
        std::string says = "stopped";
        if (found != states.end()) {
            says = nameOf(found->second.phase);
            if (!found->second.problem.empty()) says += ": " + found->second.problem;
        }
        session.out().item(serves ? good("✓") : bad("✗"),
                           strong(name) + Text(serves ? " serves" : ": " + says));
    }
    if (session.wantsJson()) session.print(all);
    return everything ? ExitCode::Ok : ExitCode::Findings;
}

Help NetworkDeleteCommand::help() const {
    return {.summary = "Remove a network from all its hosts, ledgers and keys included",
            .about = {"Nodes end and their folders go, at every host; then what the network's "
                      "folder has of it. Nothing of it can be had back unless there is a backup. "
                      "Files of somebody else in the folder stay."},
            .examples = {{.what = "Not without --yes",
                          .arguments = "network delete --network network",
                          .ends = ExitCode::Usage,
                          .needsNetwork = true}}};
}

void NetworkDeleteCommand::declare(CommandLine& line) {
    NetworkFolderCommand::declare(line);
    line.flag("--yes", "Really", m_yes);
}

ExitCode NetworkDeleteCommand::run(Session& session) {
    if (!m_yes)
        return session.usage("this removes ledgers and keys for ever", "Say --yes if you mean it.");
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const Deadline deadline = deadlineIn(kLifePatience);
    auto hosts = m_hosts.open(*folder, HostSettings::Local::EndsWithUs, deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    RunningNetwork network(*std::move(folder), *std::move(hosts));
    if (const Status removed = usecase::CreateNetwork::remove(network, deadline); !removed.ok())
        return session.fail(removed);
    if (session.wantsJson())
        session.print({{"removed", true}});
    else
        session.out().item(good("✓"), "the network is removed");
    return ExitCode::Ok;
}

}  // namespace chancery::cli
