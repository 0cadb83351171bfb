#include "src/cli/NetworkCommands.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/File.h"
#include "src/cli/Interrupt.h"
#include "src/cli/Interruption.h"
#include "src/cli/NetworkText.h"
#include "src/cli/Session.h"
#include "src/client/CaClient.h"
#include "src/client/GrpcConnector.h"

namespace chancery::cli {
namespace {

using usecase::CreateNetwork;
using usecase::HostSettings;
using usecase::NetworkFolder;
using usecase::RunningNetwork;

constexpr std::chrono::seconds kMakePatience{60};

/// The contract that the options name, packaged; nothing when they name none.
Result<std::optional<usecase::ContractPlan>> contractOf(const NetworkOptions& options) {
    if (!options.contract) return std::optional<usecase::ContractPlan>();
    usecase::ContractPlan plan;
    plan.definition.name = options.contractName;
    plan.definition.policy = options.policy;
    std::error_code error;
    if (std::filesystem::is_regular_file(*options.contract, error)) {
        ASSIGN_OR_RETURN(plan.package, readFile(*options.contract));
        return plan;
    }
    ASSIGN_OR_RETURN(plan.package,
                     usecase::PackageContract().ofFolder(options.contractName + "_1.0", "chancery",
                                                         *options.contract));
    const auto collections = *options.contract / "collections.json";
    if (std::filesystem::exists(collections, error)) {
        ASSIGN_OR_RETURN(plan.definition.collectionsJson, readFile(collections));
    }
    return plan;
}

/// From nothing, or from where it stopped, to a network whose contracts are committed.
Result<std::unique_ptr<RunningNetwork>> bringUp(CreateNetwork& create, NetworkOptions& options,
                                                HostSettings::Local local, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto contract, contractOf(options));
    ASSIGN_OR_RETURN(const auto plan, options.plan());
    client::CaClient cas;
    ASSIGN_OR_RETURN(auto network, create.run(
                                       plan,
                                       [&](const NetworkFolder& folder) {
                                           return options.hosts.open(folder, local, deadline);
                                       },
                                       cas));
    if (contract) {
        RETURN_IF_ERROR(create.deploy(network->folder(), *contract));
        RETURN_IF_ERROR(writeFileAtomically(
            options.folder / (contract->definition.name + ".tar.gz"), contract->package, 0600));
    }
    return network;
}

/// The calls of --call: each as the user of the first organisation that it names.
std::vector<usecase::TopologyCall> callsOf(const NetworkFolder& network,
                                           const std::string& contract,
                                           const std::vector<std::string>& texts) {
    std::vector<usecase::TopologyCall> calls;
    for (const std::string& text : texts) {
        usecase::TopologyCall call{
            .channel = network.channel(),
            .contract = contract,
            .organisation = network.topology().channels.front().members.front(),
            .arguments = {""}};
        const std::size_t at = text.substr(0, text.find(',')).find('@');
        if (at != std::string::npos) call.user = text.substr(0, at);
        for (const char c : at == std::string::npos ? text : text.substr(at + 1)) {
            if (c == ',')
                call.arguments.emplace_back();
            else
                call.arguments.back() += c;
        }
        calls.push_back(std::move(call));
    }
    return calls;
}

}  // namespace

Result<usecase::NetworkPlan> NetworkOptions::plan() const {
    usecase::NetworkPlan plan = usecase::twoOrganisations(folder);
    if (topology) {
        ASSIGN_OR_RETURN(plan.topology, usecase::findTopology(*topology));
    } else {
        plan.topology.channels.front().name = ChannelId(channel);
    }
    if (suite != "ECDSA-P256") {
        ASSIGN_OR_RETURN(plan.topology.suite, crypto::suiteNamed(suite));
    }
    if (batchTimeoutMs)
        for (usecase::TopologyChannel& one : plan.topology.channels)
            one.batchTimeout =
                absl::Milliseconds(std::clamp<std::uint64_t>(*batchTimeoutMs, 1, 3'600'000));
    if (firstPort)
        plan.topology.firstPort =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(*firstPort, 65'535));
    for (const std::string& place : places) {
        const std::size_t equals = place.find('=');
        const std::string zone = place.substr(0, equals);
        const std::string name = equals == place.npos ? zone : place.substr(equals + 1);
        ASSIGN_OR_RETURN(const auto known, hosts.paired());
        ASSIGN_OR_RETURN(const auto address, known.find(name));
        ASSIGN_OR_RETURN(const auto at, interfaces::splitEndpoint(address.endpoint));
        auto found = std::ranges::find(plan.hosts, name, &usecase::PlannedHost::name);
        if (found == plan.hosts.end()) {
            plan.hosts.push_back(
                {.name = name, .address = address, .reachedAt = at.host, .zones = {}});
            found = std::prev(plan.hosts.end());
        }
        found->zones.push_back(zone);
        // "--host all=NAME": nothing is on this machine.
        if (zone == "all") std::rotate(plan.hosts.begin(), found, std::next(found));
    }
    // Hosts that take nothing need no agent.
    std::erase_if(plan.hosts, [&](const usecase::PlannedHost& host) {
        return std::ranges::none_of(
            usecase::previewOf(plan).nodes,
            [&](const usecase::PreviewNode& node) { return node.host == host.name; });
    });
    RETURN_IF_ERROR(usecase::checkTopology(plan.topology));
    return plan;
}

void NetworkOptions::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Path,
                .value = "DIR"},
               folder);
    line.value({.names = "--topology",
                .help = "What it consists of: a name of \"topology list\", or a file; default: "
                        "two organisations",
                .value = "NAME"},
               topology);
    line.values({.names = "--host",
                 .help = "Where a host of the topology really is: ZONE=NAME of a paired host, or "
                         "all=NAME; without: this machine",
                 .value = "ZONE=NAME"},
                places);
    hosts.declare(line);
    line.value({.names = "-C,--channel",
                .help = "Name of its channel; default: mychannel",
                .value = "NAME"},
               channel);
    line.value({.names = "--first-port",
                .help = "Ports from here on, ten for each node; without: any that are free",
                .kind = ValueKind::Number,
                .value = "PORT"},
               firstPort);
    line.value({.names = "--batch-timeout",
                .help = "Milliseconds until an unfinished block is cut; default: 50",
                .kind = ValueKind::Number,
                .value = "MS"},
               batchTimeoutMs);
    line.value({.names = "--contract",
                .help = "Contract to be deployed: a folder with JavaScript, or a package",
                .kind = ValueKind::Path,
                .value = "PATH"},
               contract);
    line.value({.names = "--contract-name", .help = "Its name; default: wallet", .value = "NAME"},
               contractName);
    line.value({.names = "--suite",
                .help = "Keys of identities; SM2 is understood by Chancery's own nodes only",
                .kind = ValueKind::Choice,
                .value = "SUITE",
                .choices = {"ECDSA-P256", "SM2"}},
               suite);
    line.value({.names = "--policy",
                .help = "Who must endorse its transactions; default: the channel's own policy",
                .value = "POLICY"},
               policy);
}

Help NetworkCreateCommand::help() const {
    return {.summary = "Make a network, on this machine or on paired hosts, and stop it again",
            .about = {"Certificate authorities, the members that they enrol, nodes, channels, the "
                      "contracts of the topology: ready for \"network start\". The folder keeps "
                      "the console's side; nodes are in the care of an agent at each host. Each "
                      "organisation has one process with two CAs, for identities and for TLS, "
                      "which stay part of the network.",
                      "What was interrupted is finished by the same command; Ctrl-C removes "
                      "everything.",
                      "With --suite SM2 identities sign with SM2 and SM3, all of them: a channel "
                      "takes one suite. TLS stays ECDSA. Real Fabric nodes and SDKs do not "
                      "understand SM2 and cannot take part in such a network."},
            .examples = {{.what = "A folder that has a network already is left alone",
                          .arguments = "network create --network network",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true},
                         {.what = "What would be started?",
                          .arguments = "network create --network new --topology bank-consortium "
                                       "--preview",
                          .needsNetwork = true}}};
}

void NetworkCreateCommand::declare(CommandLine& line) {
    m_options.declare(line);
    line.flag("--preview", "Only tell what would be started, and what it needs", m_preview);
    line.flag("--explain", "Only show the commands of Fabric's own tools that do the same",
              m_explain);
    line.flag("--start", "Leave it running", m_start);
}

ExitCode NetworkCreateCommand::run(Session& session) {
    if (m_preview || m_explain) {
        const auto plan = m_options.plan();
        if (!plan.ok()) return session.fail(plan.status());
        m_explain ? tellFabricCommands(session, *plan) : tellPreview(session, *plan);
        return ExitCode::Ok;
    }
    Steps steps(session);
    const Deadline deadline = deadlineIn(kMakePatience);
    Result<std::unique_ptr<RunningNetwork>> network = absl::UnknownError("not made");
    {
        // Gone before the nodes end, so that nobody calls them then.
        client::GrpcConnector connector;
        const Interrupt interrupt;
        CreateNetwork create(connector, deadline, steps.listener(), session.clock(),
                             interrupt.token());
        network =
            bringUp(create, m_options,
                    m_start ? HostSettings::Local::KeepsRunning : HostSettings::Local::EndsWithUs,
                    deadline);
    }
    if (!network.ok())
        return session.fail(network.status(), network.status().code() == StatusCode::kCancelled
                                                  ? ExitCode::Interrupted
                                                  : ExitCode::UnreadableInput);
    const NetworkFolder folder = (*network)->folder();
    if (!m_start) {
        if (const Status stopped = (*network)->stopAll(); !stopped.ok())
            return session.fail(stopped);
    }
    if (session.wantsJson())
        session.print({{"network", bytesToJson(folder.folder().string())},
                       {"id", folder.id()},
                       {"channel", folder.channel().str()},
                       {"suite", std::string(folder.suite().name)},
                       {"fabric_compatible", folder.suite().fabricCompatible}});
    else
        session.out().item(
            good("✓"),
            fmt::format("\"chanceryctl network {} --network {}\" {} it", m_start ? "stop" : "start",
                        m_options.folder.string(), m_start ? "stops" : "starts"));
    if (!session.wantsJson()) tellSuite(session, folder);
    return ExitCode::Ok;
}

Help NetworkRunCommand::help() const {
    return {
        .summary = "From nothing to a network that serves: make it, send transactions, wait",
        .about = {"Makes a network as \"network create\" does, unless there is one in the "
                  "folder; sends the scenario of its topology and the transactions of --call to a "
                  "new one; then serves until Ctrl-C.",
                  "Standard clients find what they need in the folder: connection profiles, "
                  "MSP folders, and wallets of npm's fabric-network. The console opens the "
                  "ledgers of the nodes while they run."},
        .examples = {{.what = "A folder that cannot be made",
                      .arguments = "network run --network /proc/network --once",
                      .ends = ExitCode::UnreadableInput,
                      .needsNetwork = true}}};
}

void NetworkRunCommand::declare(CommandLine& line) {
    m_options.declare(line);
    line.values(
        {.names = "--call",
         .help = "A transaction to be sent: [user@]function,argument,…; may be given several times",
         .value = "CALL",
         .whole = true},
        m_calls);
    line.flag("--once", "Stop instead of serving", m_once);
}

ExitCode NetworkRunCommand::run(Session& session) {
    const Interruption interruption;
    Steps steps(session);
    std::unique_ptr<RunningNetwork> network;
    // Gone before the nodes end, so that nobody calls them then.
    client::GrpcConnector connector;
    const Deadline deadline = deadlineIn(kMakePatience);
    CreateNetwork create(connector, deadline, steps.listener(), session.clock());
    auto existing = NetworkFolder::open(m_options.folder);
    const bool isThere = existing.ok() && existing->done().contains("made");
    if (isThere) {
        auto hosts = m_options.hosts.open(*existing, HostSettings::Local::EndsWithUs, deadline);
        if (!hosts.ok()) return session.fail(hosts.status());
        network = std::make_unique<RunningNetwork>(*std::move(existing), *std::move(hosts));
        if (const Status started = network->startAll(deadline); !started.ok())
            return session.fail(started);
        steps.tell("all nodes serve", steps.sinceStart());
    } else {
        auto made = bringUp(create, m_options, HostSettings::Local::EndsWithUs, deadline);
        if (!made.ok()) return session.fail(made.status());
        network = *std::move(made);
        std::vector<usecase::TopologyCall> calls = network->folder().topology().scenario;
        for (auto& call : callsOf(network->folder(), m_options.contractName, m_calls))
            calls.push_back(std::move(call));
        if (const Status sent = create.sendScenario(network->folder(), calls); !sent.ok())
            return session.fail(sent, ExitCode::Findings);
    }
    session.err().item(good("✓"), Text("ready") + quiet("  " + milliseconds(steps.sinceStart()) +
                                                        " after the start"));
    tellAddresses(session, network->folder());
    if (!m_once) {
        session.out().blank();
        session.out().line("The network serves until Ctrl-C.");
        interruption.wait();
    }
    if (const Status stopped = network->stopAll(); !stopped.ok()) return session.fail(stopped);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
