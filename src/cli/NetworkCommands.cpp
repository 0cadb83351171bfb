#include "src/cli/NetworkCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Interruption.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/CaClient.h"
#include "src/client/GrpcConnector.h"
#include "src/http/Client.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::cli {
namespace {

using usecase::CreateNetwork;
using usecase::NetworkFolder;
using usecase::RunningNetwork;

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::seconds kStatusPatience{5};

std::string milliseconds(std::chrono::nanoseconds time) {
    return fmt::format("{:.0f} ms", std::chrono::duration<double, std::milli>(time).count());
}

/// Tells each step with its time, and the time since the beginning.
class Steps {
public:
    explicit Steps(Session& session) : m_session(session) {}

    usecase::StepListener listener() {
        return [this](const std::string& what, std::chrono::nanoseconds took) {
            m_session.err().item(good("✓"), Text(what) + quiet("  " + milliseconds(took)));
        };
    }
    std::chrono::nanoseconds sinceStart() const {
        return std::chrono::steady_clock::now() - m_began;
    }

private:
    Session& m_session;
    const std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

Result<usecase::NetworkPlan> planOf(const NetworkOptions& options) {
    usecase::NetworkPlan plan = usecase::twoOrganisations(options.folder);
    ASSIGN_OR_RETURN(plan.suite, crypto::suiteNamed(options.suite));
    plan.channel = ChannelId(options.channel);
    if (options.batchTimeoutMs)
        plan.batchTimeout =
            absl::Milliseconds(std::clamp<std::uint64_t>(*options.batchTimeoutMs, 1, 3'600'000));
    if (options.firstPort) {
        auto port = static_cast<std::uint16_t>(*options.firstPort);
        for (const char* name :
             {"orderer.example.com", "peer0.org1.example.com", "peer0.org2.example.com",
              "ca.example.com", "ca.org1.example.com", "ca.org2.example.com"}) {
            plan.ports[name] = port;
            port = static_cast<std::uint16_t>(port + 10);
        }
    }
    return plan;
}

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

/// From nothing to a network whose contract is committed.
Result<std::unique_ptr<RunningNetwork>> bringUp(CreateNetwork& create,
                                                const NetworkOptions& options) {
    ASSIGN_OR_RETURN(const auto program, usecase::findNodeProgram());
    ASSIGN_OR_RETURN(const auto contract, contractOf(options));
    ASSIGN_OR_RETURN(const auto plan, planOf(options));
    client::CaClient cas;
    ASSIGN_OR_RETURN(auto network, create.run(plan, program, cas));
    if (contract) {
        RETURN_IF_ERROR(create.deploy(network->folder(), *contract));
        RETURN_IF_ERROR(writeFileAtomically(
            options.folder / (contract->definition.name + ".tar.gz"), contract->package, 0600));
    }
    RETURN_IF_ERROR(create.writeProfiles(network->folder()));
    return network;
}

void tellAddresses(Session& session, const NetworkFolder& network) {
    session.out().heading("Nodes");
    for (const auto* nodes : {&network.nodes(), &network.authorities()})
        for (const auto& node : *nodes) {
            std::string text;
            for (const auto& [name, endpoint] : node.endpoints)
                text += (text.empty() ? "" : "  ") + name + " " + endpoint;
            session.out().fields({{node.name, Text(text)}}, 2);
        }
    session.out().heading("Files");
    session.out().fields({{"Profiles", Text((network.folder() / "profiles").string())},
                          {"Wallets", Text((network.folder() / "wallets").string())},
                          {"Identities", Text((network.folder() / "crypto").string())}},
                         2);
    for (const auto* nodes : {&network.nodes(), &network.authorities()})
        for (const auto& node : *nodes)
            session.out().fields({{"Data of " + node.name, Text(node.data.string())}}, 2);
    if (!network.suite().fabricCompatible)
        session.out().line(
            warning("Identities are SM2, which real Fabric does not understand: its "
                    "nodes and SDKs cannot take part."));
}

std::vector<std::string> words(const std::string& call) {
    std::vector<std::string> parts{""};
    for (const char c : call) {
        if (c == ',')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

/// Sends the calls one after the other, each as the user of the first organisation that it names.
Status sendCalls(CreateNetwork& create, const NetworkFolder& network, const std::string& contract,
                 const std::vector<std::string>& calls, const usecase::StepListener& tell,
                 Deadline deadline) {
    ASSIGN_OR_RETURN(const auto peers, create.peers(network));
    ASSIGN_OR_RETURN(const auto orderers, create.orderers(network));
    for (const std::string& call : calls) {
        const auto began = std::chrono::steady_clock::now();
        const std::size_t at = call.substr(0, call.find(',')).find('@');
        const std::string user = at == std::string::npos ? "User1" : call.substr(0, at);
        const auto parts = words(at == std::string::npos ? call : call.substr(at + 1));
        ASSIGN_OR_RETURN(const auto context, create.actAs(network, "Org1", user));
        const auto done = usecase::SubmitTransaction().run(
            context, {.call = {.channel = network.channel(),
                               .contract = contract,
                               .args = {parts.begin(), parts.end()}},
                      .endorsers = peers,
                      .commitPeers = peers,
                      .orderers = orderers,
                      .deadline = deadline});
        if (!done.ok()) return withContext(done.status(), call);
        tell(fmt::format("{} is committed in block {}", call, done->block),
             std::chrono::steady_clock::now() - began);
    }
    return absl::OkStatus();
}

}  // namespace

void NetworkOptions::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Path,
                .value = "DIR"},
               folder);
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
    return {.summary = "Make a network of two organisations on this machine, and stop it again",
            .about = {"Certificate authorities, the members that they enrol, settings, a channel, "
                      "the contract of --contract: all below one folder, ready for \"network "
                      "start\". Each organisation has one process with two CAs, for identities and "
                      "for TLS, which stay part of the network.",
                      "With --suite SM2 identities sign with SM2 and SM3, all of them: a channel "
                      "takes one suite. TLS stays ECDSA. Real Fabric nodes and SDKs do not "
                      "understand SM2 and cannot take part in such a network."},
            .examples = {{.what = "A folder that has a network already is left alone",
                          .arguments = "network create --network network",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

ExitCode NetworkCreateCommand::run(Session& session) {
    Steps steps(session);
    Result<std::unique_ptr<RunningNetwork>> network = absl::UnknownError("not made");
    {
        // Gone before the nodes end, so that nobody calls them then.
        client::GrpcConnector connector;
        CreateNetwork create(connector, deadlineIn(kPatience), steps.listener(), session.clock());
        network = bringUp(create, m_options);
    }
    if (!network.ok()) return session.fail(network.status());
    const NetworkFolder folder = (*network)->folder();
    (*network)->stopAll();
    if (session.wantsJson())
        session.print({{"network", bytesToJson(folder.folder().string())},
                       {"channel", folder.channel().str()},
                       {"suite", std::string(folder.suite().name)},
                       {"fabric_compatible", folder.suite().fabricCompatible}});
    else
        session.out().item(good("✓"), "\"chanceryctl network start --network " +
                                          m_options.folder.string() + "\" starts it");
    if (!session.wantsJson() && !folder.suite().fabricCompatible)
        session.out().line(
            warning("Identities are SM2, which real Fabric does not understand: its "
                    "nodes and SDKs cannot take part."));
    return ExitCode::Ok;
}

Help NetworkStartCommand::help() const {
    return {.summary = "Start the network in a folder and serve until Ctrl-C",
            .about = {"The nodes listen where they did before and go on with the ledgers that they "
                      "have. They end with this command."},
            .examples = {{.what = "Nodes that run already keep their data to themselves",
                          .arguments = "network start --network network --once",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void NetworkStartCommand::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.flag("--once", "Stop as soon as all nodes serve", m_once);
}

ExitCode NetworkStartCommand::run(Session& session) {
    const Interruption interruption;
    const auto program = usecase::findNodeProgram();
    if (!program.ok()) return session.fail(program.status());
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    Steps steps(session);
    RunningNetwork network(*std::move(folder), *program);
    if (const Status started = network.startAll(deadlineIn(kPatience)); !started.ok())
        return session.fail(started);
    steps.listener()("all nodes serve", steps.sinceStart());
    tellAddresses(session, network.folder());
    if (!m_once) interruption.wait();
    return ExitCode::Ok;
}

Help NetworkRunCommand::help() const {
    return {.summary = "From nothing to a network that serves: make it, send transactions, wait",
            .about =
                {"Makes a network as \"network create\" does, unless there is one in the "
                 "folder; sends the transactions of --call to a new one; then serves until Ctrl-C.",
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
    const Deadline deadline = deadlineIn(kPatience);
    CreateNetwork create(connector, deadline, steps.listener(), session.clock());
    auto existing = NetworkFolder::open(m_options.folder);
    if (existing.ok()) {
        const auto program = usecase::findNodeProgram();
        if (!program.ok()) return session.fail(program.status());
        network = std::make_unique<RunningNetwork>(*std::move(existing), *program);
        if (const Status started = network->startAll(deadline); !started.ok())
            return session.fail(started);
        steps.listener()("all nodes serve", steps.sinceStart());
    } else {
        auto made = bringUp(create, m_options);
        if (!made.ok()) return session.fail(made.status());
        network = *std::move(made);
    }
    const Status sent = existing.ok() ? absl::OkStatus()
                                      : sendCalls(create, network->folder(), m_options.contractName,
                                                  m_calls, steps.listener(), deadline);
    if (!sent.ok()) return session.fail(sent, ExitCode::Findings);
    session.err().item(good("✓"), Text("ready") + quiet("  " + milliseconds(steps.sinceStart()) +
                                                        " after the start"));
    tellAddresses(session, network->folder());
    if (m_once) return ExitCode::Ok;
    session.out().blank();
    session.out().line("The network serves until Ctrl-C.");
    interruption.wait();
    return ExitCode::Ok;
}

Help NetworkStatusCommand::help() const {
    return {.summary = "Tell whether the nodes of a network serve, and their channels",
            .about = {"Every node is asked for its health over its operations interface."},
            .examples = {{.what = "Is everything in order?",
                          .arguments = "network status --network network",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void NetworkStatusCommand::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
}

ExitCode NetworkStatusCommand::run(Session& session) {
    const auto network = NetworkFolder::open(m_folder);
    if (!network.ok()) return session.fail(network.status());
    Json all = Json::object();
    bool good = true;
    std::vector<usecase::NetworkNode> nodes = network->nodes();
    nodes.insert(nodes.end(), network->authorities().begin(), network->authorities().end());
    for (const auto& node : nodes) {
        const auto health = [&]() -> Result<http::Response> {
            ASSIGN_OR_RETURN(const auto address, network->address(node, "operations"));
            ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(address.endpoint));
            ASSIGN_OR_RETURN(
                const auto client,
                http::Client::make(place.host, place.port, {.rootsPem = address.tlsRootsPem}));
            return client->send({.path = "/healthz"}, deadlineIn(kStatusPatience));
        }();
        const bool well = health.ok() && health->status == 200;
        good = good && well;
        const std::string says =
            health.ok() ? health->body : std::string(messageOf(health.status()));
        all[node.name] = {{"healthy", well}, {"says", bytesToJson(says)}};
        if (!session.wantsJson())
            session.out().item(well ? cli::good("✓") : bad("✗"),
                               strong(node.name) + Text(well ? " serves" : ": " + says));
    }
    if (session.wantsJson()) session.print(all);
    return good ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
