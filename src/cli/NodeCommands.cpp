#include "src/cli/NodeCommands.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/cli/Interrupt.h"
#include "src/cli/NetworkText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/CaClient.h"
#include "src/client/GrpcConnector.h"
#include "src/usecase/AddNode.h"

namespace chancery::cli {
namespace {

using interfaces::NodeState;
using usecase::HostSettings;
using usecase::NetworkFolder;
using usecase::RunningNetwork;

constexpr std::chrono::seconds kNodePatience{60};
const std::vector<std::string> kLevels{"debug", "info", "warning", "error"};

void tellNodeStates(Session& session, const std::vector<NodeState>& states) {
    Json all = Json::array();
    Table table({{.title = "Node"},
                 {.title = "Kind"},
                 {.title = "State"},
                 {.title = "Version"},
                 {.title = "Since"},
                 {.title = "Restarts", .align = Align::Right},
                 {.title = "Memory", .align = Align::Right},
                 {.title = "Problem", .fit = Fit::Wrap}});
    for (const NodeState& state : states) {
        all.push_back(toJson(state));
        table.row({strong(state.ref.node), Text(state.kind),
                   state.phase == interfaces::NodePhase::Running ? good(nameOf(state.phase))
                                                                 : Text(nameOf(state.phase)),
                   Text(state.version), Text(utc(state.since)), Text(number(state.restarts)),
                   Text(state.memoryBytes == 0 ? "" : size(state.memoryBytes)),
                   Text(state.problem)});
    }
    if (session.wantsJson())
        session.print(all);
    else
        session.out().table(table);
}

}  // namespace

void NodesCommand::declare(CommandLine& line) {
    line.values({.names = "NODE", .help = "Its name; several may be given", .required = true},
                m_nodes);
    NetworkFolderCommand::declare(line);
    line.flag("--explain", "Only show what would be done with Fabric's own programs", m_explain);
}

Result<std::unique_ptr<RunningNetwork>> NodesCommand::open(Deadline deadline) {
    ASSIGN_OR_RETURN(auto folder, NetworkFolder::open(m_folder));
    for (const std::string& name : m_nodes)
        if (folder.node(name) == nullptr)
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                             {{"node", name}});
    ASSIGN_OR_RETURN(auto hosts, m_hosts.open(folder, HostSettings::Local::Never, deadline));
    return std::make_unique<RunningNetwork>(std::move(folder), std::move(hosts));
}

ExitCode NodesCommand::tell(Session& session, const RunningNetwork& network, Deadline deadline) {
    const auto states = network.states(deadline);
    if (!states.ok()) return session.fail(states.status());
    std::vector<NodeState> shown;
    for (const NodeState& state : *states)
        if (std::ranges::find(m_nodes, state.ref.node) != m_nodes.end()) shown.push_back(state);
    tellNodeStates(session, shown);
    return ExitCode::Ok;
}

Help NodeListCommand::help() const {
    return {.summary = "List the nodes of a network as their hosts see them",
            .about = {},
            .examples = {{.what = "All of them",
                          .arguments = "node list --network network",
                          .needsNetwork = true}}};
}

ExitCode NodeListCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const Deadline deadline = deadlineIn(kNodePatience);
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    const RunningNetwork network(*std::move(folder), *std::move(hosts));
    const auto states = network.states(deadline);
    if (!states.ok()) return session.fail(states.status());
    tellNodeStates(session, *states);
    return ExitCode::Ok;
}

Help NodeStartCommand::help() const {
    return {.summary = "Start nodes, and wait until they serve",
            .about = {"Starting what runs already is no error."},
            .examples = {{.what = "A peer that runs already",
                          .arguments = "node start peer0.org1.example.com",
                          .needsNetwork = true}}};
}

ExitCode NodeStartCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes)
            session.out().line("FABRIC_CFG_PATH=" + node + " peer node start    # or: orderer");
        return ExitCode::Ok;
    }
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    if (const Status started = (*network)->start(m_nodes, deadline); !started.ok())
        return session.fail(started);
    return tell(session, **network, deadline);
}

Help NodeStopCommand::help() const {
    return {.summary = "Stop nodes in good order",
            .about = {"Nobody starts them again until you do. Stopping what does not run is no "
                      "error."},
            .examples = {{.what = "One that is not there",
                          .arguments = "node stop peer9.org1.example.com",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

ExitCode NodeStopCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes)
            session.out().line("kill -TERM $(pidof peer)    # of " + node);
        return ExitCode::Ok;
    }
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    if (const Status stopped = (*network)->stop(m_nodes, deadline); !stopped.ok())
        return session.fail(stopped);
    return tell(session, **network, deadline);
}

Help NodeRestartCommand::help() const {
    return {.summary = "Stop nodes and start them again",
            .about = {"With --apply their settings and certificates are given to the host anew, as "
                      "they stand in the network's folder now."},
            .examples = {{.what = "A peer",
                          .arguments = "node restart peer0.org2.example.com",
                          .needsNetwork = true}}};
}

void NodeRestartCommand::declare(CommandLine& line) {
    NodesCommand::declare(line);
    line.flag("--apply", "With new settings and certificates", m_apply);
}

ExitCode NodeRestartCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes)
            session.out().line("kill -TERM $(pidof peer); FABRIC_CFG_PATH=" + node +
                               " peer node start");
        return ExitCode::Ok;
    }
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    const Status done = [&]() -> Status {
        RETURN_IF_ERROR((*network)->stop(m_nodes, deadline));
        if (!m_apply) return (*network)->start(m_nodes, deadline);
        client::GrpcConnector connector;
        return usecase::CreateNetwork(connector, deadline).startNodes(**network, m_nodes);
    }();
    if (!done.ok()) return session.fail(done);
    return tell(session, **network, deadline);
}

Help NodeUpgradeCommand::help() const {
    return {.summary = "Go on with another version of a node's program",
            .about = {"The node stops, a copy of its data is kept, the other version starts. When "
                      "it does not serve, the old version and data are back and this command says "
                      "so. \"host status\" lists the versions that a host has."},
            .examples = {{.what = "To a version that the host does not have",
                          .arguments = "node upgrade peer0.org1.example.com --to 9.9.9",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void NodeUpgradeCommand::declare(CommandLine& line) {
    NodesCommand::declare(line);
    line.value({.names = "--to", .help = "The version", .value = "VERSION", .required = true},
               m_version);
}

ExitCode NodeUpgradeCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes) {
            session.out().line("kill -TERM $(pidof peer)");
            session.out().line(fmt::format("cp -a {0}/data {0}/data.before", node));
            session.out().line(
                fmt::format("FABRIC_CFG_PATH={} fabric-{}/bin/peer node start", node, m_version));
        }
        return ExitCode::Ok;
    }
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    for (const std::string& name : m_nodes) {
        const auto host = (*network)->hostOf(name);
        if (!host.ok()) return session.fail(host.status());
        const auto* node = (*network)->folder().node(name);
        const auto done =
            (*host)->nodes().upgrade((*network)->folder().ref(*node), m_version, deadline);
        if (!done.ok()) return session.fail(done.status());
    }
    return tell(session, **network, deadline);
}

Help NodeRollbackCommand::help() const {
    return {.summary = "Go back to the version and data before the last upgrade of a node",
            .about = {"Blocks that it has taken since then come again from the orderer."},
            .examples = {{.what = "A node that was never upgraded",
                          .arguments = "node rollback peer0.org1.example.com",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

ExitCode NodeRollbackCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes) {
            session.out().line("kill -TERM $(pidof peer)");
            session.out().line(fmt::format("rm -rf {0}/data && mv {0}/data.before {0}/data", node));
            session.out().line(
                fmt::format("FABRIC_CFG_PATH={} fabric-before/bin/peer node start", node));
        }
        return ExitCode::Ok;
    }
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    for (const std::string& name : m_nodes) {
        const auto host = (*network)->hostOf(name);
        if (!host.ok()) return session.fail(host.status());
        const auto* node = (*network)->folder().node(name);
        const auto done = (*host)->nodes().rollBack((*network)->folder().ref(*node), deadline);
        if (!done.ok()) return session.fail(done.status());
    }
    return tell(session, **network, deadline);
}

Help NodeRemoveCommand::help() const {
    return {.summary = "Remove nodes from their hosts, ledgers and keys included",
            .about = {"Channels that name an orderer or an anchor peer go on naming it: change "
                      "their configuration before."},
            .examples = {{.what = "Not without --yes",
                          .arguments = "node remove peer0.org1.example.com",
                          .ends = ExitCode::Usage,
                          .needsNetwork = true}}};
}

void NodeRemoveCommand::declare(CommandLine& line) {
    NodesCommand::declare(line);
    line.flag("--yes", "Really", m_yes);
}

ExitCode NodeRemoveCommand::run(Session& session) {
    if (m_explain) {
        for (const std::string& node : m_nodes) {
            session.out().line("kill -TERM $(pidof peer)");
            session.out().line("rm -rf " + node);
        }
        return ExitCode::Ok;
    }
    if (!m_yes)
        return session.usage("this removes ledgers and keys for ever", "Say --yes if you mean it.");
    const Deadline deadline = deadlineIn(kNodePatience);
    const auto network = open(deadline);
    if (!network.ok()) return session.fail(network.status());
    for (const std::string& name : m_nodes)
        if (const Status gone = usecase::removeNode(**network, name, deadline); !gone.ok())
            return session.fail(gone);
    if (session.wantsJson()) session.print({{"removed", m_nodes}});
    return ExitCode::Ok;
}

Help NodeAddCommand::help() const {
    return {.summary = "Add a peer or an orderer to an organisation of the network",
            .about = {"It is enrolled at the organisation's CAs, started at its host and joined to "
                      "channels. An orderer only follows channels until their configuration names "
                      "it as a consenter."},
            .examples = {{.what = "To an organisation that is not there",
                          .arguments = "node add peer1 --org Nobody",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void NodeAddCommand::declare(CommandLine& line) {
    line.value({.names = "NAME",
                .help = "Its name without the organisation's domain, \"peer1\"",
                .required = true},
               m_name);
    NetworkFolderCommand::declare(line);
    line.value(
        {.names = "--org", .help = "Of this organisation", .value = "NAME", .required = true},
        m_organisation);
    line.value({.names = "--at",
                .help = "At this host of the network; default: as the topology says",
                .value = "HOST"},
               m_host);
    line.values({.names = "-C,--channel",
                 .help = "Joins this channel; may be given several times; default: all channels of "
                         "its organisation",
                 .value = "NAME"},
                m_channels);
}

ExitCode NodeAddCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const Deadline deadline = deadlineIn(kNodePatience);
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    RunningNetwork network(*std::move(folder), *std::move(hosts));
    client::GrpcConnector connector;
    client::CaClient cas;
    Steps steps(session);
    usecase::NewNode wanted{.organisation = m_organisation, .name = m_name, .host = m_host};
    for (const std::string& channel : m_channels) wanted.channels.emplace_back(channel);
    const auto added =
        usecase::AddNode(connector, cas, deadline, steps.listener()).run(network, wanted);
    if (!added.ok()) return session.fail(added.status());
    tellNodeStates(session, {*added});
    return ExitCode::Ok;
}

Help OrganisationAddCommand::help() const {
    return {.summary = "Add an organisation to a network that runs: CAs, members and peers",
            .about = {"It is a member of no channel yet: \"member bundle\" makes the file that the "
                      "others need, \"member add\" the draft that they sign, and \"organisation "
                      "join\" lets its peers join when the change is in force."},
            .examples = {{.what = "One that is there already",
                          .arguments = "organisation add Org1 --domain other.example --msp-id X",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void OrganisationAddCommand::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "Its name in channels", .required = true}, m_name);
    NetworkFolderCommand::declare(line);
    line.value({.names = "--domain",
                .help = "Ends the names of its nodes",
                .value = "DOMAIN",
                .required = true},
               m_domain);
    line.value({.names = "--msp-id", .help = "Its MSP id", .value = "ID", .required = true},
               m_mspId);
    line.values({.names = "--peer",
                 .help = "A peer of it; may be given several times; default: peer0",
                 .value = "NAME"},
                m_peers);
    line.values(
        {.names = "--user", .help = "A user of it besides Admin; default: User1", .value = "NAME"},
        m_users);
}

ExitCode OrganisationAddCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const usecase::TopologyOrganisation wanted{.kind = usecase::OrganisationPlan::Kind::Peers,
                                               .name = m_name,
                                               .domain = m_domain,
                                               .mspId = MspId(m_mspId),
                                               .label = {},
                                               .nodes = m_peers,
                                               .users = m_users};
    if (const auto* there = folder->topology().organisation(m_name);
        there != nullptr && !(*there == wanted))
        return session.fail(makeError(StatusCode::kAlreadyExists, "ORGANISATION_EXISTS",
                                      "there is an organisation " + m_name + " already",
                                      {{"organisation", m_name}}));
    const Deadline deadline = deadlineIn(kNodePatience);
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    RunningNetwork network(*std::move(folder), *std::move(hosts));
    client::GrpcConnector connector;
    client::CaClient cas;
    Steps steps(session);
    const Status added =
        usecase::AddOrganisation(connector, cas, deadline, steps.listener()).run(network, wanted);
    if (!added.ok()) return session.fail(added);
    if (session.wantsJson()) session.print({{"organisation", m_name}});
    return ExitCode::Ok;
}

Help OrganisationJoinCommand::help() const {
    return {
        .summary = m_joins ? "Let the peers of an organisation join a channel"
                           : "Note that an organisation is a member of a channel no more",
        .about = {m_joins ? "The channel's configuration must have it as a member already."
                          : "Its peers keep the blocks that they have; the channel's "
                            "configuration must be changed by its members (\"member remove\")."},
        .examples = {{.what = "A channel that is not there",
                      .arguments = words() + " Org1 -C nowhere",
                      .ends = ExitCode::UnreadableInput,
                      .needsNetwork = true}}};
}

void OrganisationJoinCommand::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "The organisation", .required = true}, m_name);
    NetworkFolderCommand::declare(line);
    line.value({.names = "-C,--channel", .help = "The channel", .value = "NAME", .required = true},
               m_channel);
}

ExitCode OrganisationJoinCommand::run(Session& session) {
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    const Deadline deadline = deadlineIn(kNodePatience);
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    RunningNetwork network(*std::move(folder), *std::move(hosts));
    client::GrpcConnector connector;
    client::CaClient cas;
    usecase::AddOrganisation organisation(connector, cas, deadline);
    const Status done = m_joins ? organisation.join(network, m_name, ChannelId(m_channel))
                                : organisation.leave(network, m_name, ChannelId(m_channel));
    if (!done.ok()) return session.fail(done);
    if (session.wantsJson()) session.print({{"organisation", m_name}, {"channel", m_channel}});
    return ExitCode::Ok;
}

Help NodeLogsCommand::help() const {
    return {.summary = "Show the log of a node, as its host keeps it",
            .about = {},
            .examples = {{.what = "A node that is not there",
                          .arguments = "node logs peer9.org1.example.com --last 20",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void NodeLogsCommand::declare(CommandLine& line) {
    line.value({.names = "NODE", .help = "Its name", .required = true}, m_node);
    NetworkFolderCommand::declare(line);
    line.value({.names = "--level",
                .help = "Lines of this level and above; default: debug",
                .kind = ValueKind::Choice,
                .value = "LEVEL",
                .choices = kLevels},
               m_level);
    line.value({.names = "--contains", .help = "Only lines with this text", .value = "TEXT"},
               m_contains);
    line.value({.names = "--last",
                .help = "Lines before now; default: 1000",
                .kind = ValueKind::Number,
                .value = "COUNT"},
               m_last);
    line.flag("--follow", "Go on with new lines until Ctrl-C", m_follow);
}

ExitCode NodeLogsCommand::run(Session& session) {
    const Interrupt interrupt;
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    auto hosts = m_hosts.open(*folder, HostSettings::Local::Never, deadlineIn(kNodePatience));
    if (!hosts.ok()) return session.fail(hosts.status());
    const RunningNetwork network(*std::move(folder), *std::move(hosts));
    const auto host = network.hostOf(m_node);
    if (!host.ok()) return session.fail(host.status());
    interfaces::LogQuery query;
    query.node = {.network = network.folder().id(), .node = m_node};
    query.least =
        static_cast<interfaces::LogLevel>(std::ranges::find(kLevels, m_level) - kLevels.begin());
    query.contains = m_contains;
    query.last =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(m_last.value_or(1'000), 100'000));
    query.follow = m_follow;
    const Status read = (*host)->logs().read(
        query,
        [&](const std::vector<interfaces::LogLine>& lines) {
            for (const interfaces::LogLine& line : lines) {
                const Tone tone = line.level == interfaces::LogLevel::Error     ? Tone::Bad
                                  : line.level == interfaces::LogLevel::Warning ? Tone::Warning
                                                                                : Tone::Plain;
                session.out().line(Text(line.text, tone));
            }
            return absl::OkStatus();
        },
        m_follow ? Deadline::max() : deadlineIn(kNodePatience), interrupt.token());
    if (!read.ok() && read.code() != StatusCode::kCancelled) return session.fail(read);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
