#include "src/cli/ChannelCommands.h"

#include <algorithm>
#include <charconv>

#include "src/base/File.h"
#include "src/cli/ConfigText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/CreateChannel.h"
#include "src/usecase/InspectChannel.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::cli {

namespace {

usecase::FabricCommands fabricOf(const NetworkAccess& access) {
    return usecase::FabricCommands(access.place());
}

/// One line of what was done: "joined", or "already".
void tellDone(Session& session, Json& all, const std::string& node, bool already,
              const std::string& done, const std::string& wasDone) {
    all.push_back({{"node", node}, {"changed", !already}});
    if (session.wantsJson()) return;
    session.out().item(already ? quiet("=") : good("✓"),
                       strong(node) + Text(already ? " " + wasDone : " " + done));
}

bool has(const std::vector<ChannelId>& channels, const ChannelId& channel) {
    return std::find(channels.begin(), channels.end(), channel) != channels.end();
}

Status joinOwnPeers(Session& session, const NetworkAccess& access, const ChannelId& channel,
                    const Bytes& block, const std::vector<interfaces::NodeAddress>& peers,
                    const usecase::TransactionContext& context, Json& all) {
    for (const auto& peer : peers) {
        ASSIGN_OR_RETURN(const auto present,
                         usecase::ReadChannel().ofPeer(context, peer, access.deadline()));
        const bool already = has(present, channel);
        if (!already)
            RETURN_IF_ERROR(withContext(
                usecase::JoinChannel().joinPeer(
                    context, {.peer = peer, .block = block, .deadline = access.deadline()}),
                peer.name));
        tellDone(session, all, peer.name, already, "has joined " + channel.str(),
                 "is in " + channel.str() + " already");
    }
    return absl::OkStatus();
}

Status joinOrderers(Session& session, const NetworkAccess& access, const ChannelId& channel,
                    const Bytes& block, Json& all) {
    ASSIGN_OR_RETURN(const auto orderers, access.ordererAdmins());
    for (const auto& orderer : orderers) {
        ASSIGN_OR_RETURN(const auto participation,
                         access.connector().participation(orderer.address, orderer.identity));
        ASSIGN_OR_RETURN(const auto present, participation->list(access.deadline()));
        const bool already = has(present, channel);
        if (!already) RETURN_IF_ERROR(participation->join(block, access.deadline()).status());
        tellDone(session, all, orderer.address.name, already, "has joined " + channel.str(),
                 "is in " + channel.str() + " already");
    }
    return absl::OkStatus();
}

}  // namespace

Help ChannelJoinCommand::help() const {
    return {.summary = "Make the peers of an organisation members of a channel",
            .about = {"A peer joins with the first block of a channel; it then fetches the others "
                      "from the orderers that this block names. Only an administrator of the "
                      "peer's organisation may do that. Who is in the channel already stays.",
                      "With --orderers the network's orderers join first, through their "
                      "administrators' interface; give them the newest config block of a channel "
                      "that has run."},
            .examples = {{.what = "A peer that is in the channel already says so",
                          .arguments = "channel join network/channels/mychannel.block",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ChannelJoinCommand::options(CommandLine& line) {
    line.value({.names = "BLOCK",
                .help = "File with the first block of the channel",
                .kind = ValueKind::File,
                .required = true},
               m_block);
    line.flag("--orderers", "The network's orderers join, too", m_orderers);
}

Result<std::vector<usecase::FabricCommand>> ChannelJoinCommand::fabric() {
    usecase::FabricPlace place = m_access.place();
    ASSIGN_OR_RETURN(const auto file, usecase::readConfigFile(m_block));
    if (!file.channel.empty()) place.channel = file.channel.str();
    const usecase::FabricCommands fabric(place);
    std::vector<usecase::FabricCommand> all;
    if (m_orderers) all = fabric.joinOrderers(m_block.string());
    for (auto& command : fabric.joinPeers(m_block.string())) all.push_back(std::move(command));
    return all;
}

ExitCode ChannelJoinCommand::act(Session& session) {
    const auto block = readFile(m_block);
    if (!block.ok()) return session.fail(block.status());
    const auto file = usecase::readConfig(*block, m_block.string());
    if (!file.ok()) return session.fail(file.status());
    Json joined = Json::array();
    Status done = absl::OkStatus();
    if (m_orderers) done = joinOrderers(session, m_access, file->channel, *block, joined);
    if (done.ok())
        done = joinOwnPeers(session, m_access, file->channel, *block, m_access.ownPeers(),
                            m_access.context(), joined);
    if (!done.ok()) return session.fail(done, ExitCode::Findings);
    if (session.wantsJson()) session.print({{"channel", file->channel.str()}, {"nodes", joined}});
    return ExitCode::Ok;
}

Help ChannelLeaveCommand::help() const {
    return {.summary = "Take orderers out of a channel",
            .about = {"The orderer deletes the channel's blocks; others that serve the channel "
                      "keep theirs. Take it out of the channel's consenters first (\"channel "
                      "update draft --remove-consenter\"), or the rest may lose its quorum.",
                      "Peers cannot leave through Fabric's protocols: stop the peer and run \"peer "
                      "node unjoin\" on its machine; --explain shows the line."},
            .examples = {{.what = "What one would type for peers",
                          .arguments = "channel leave --explain",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ChannelLeaveCommand::options(CommandLine& line) {
    line.values({.names = "--orderer",
                 .help = "Name of an orderer; may be given several times",
                 .value = "NAME"},
                m_orderers);
}

Result<std::vector<usecase::FabricCommand>> ChannelLeaveCommand::fabric() {
    return m_orderers.empty() ? fabricOf(m_access).unjoinPeers()
                              : fabricOf(m_access).leaveOrderers();
}

ExitCode ChannelLeaveCommand::act(Session& session) {
    if (m_orderers.empty())
        return session.usage(
            "Give --orderer. Peers do not leave a channel while they run.",
            "Stop the peer and run \"peer node unjoin\" there; --explain shows the line.");
    const auto orderers = m_access.ordererAdmins();
    if (!orderers.ok()) return session.fail(orderers.status());
    Json left = Json::array();
    for (const std::string& name : m_orderers) {
        const auto found =
            std::find_if(orderers->begin(), orderers->end(),
                         [&](const auto& orderer) { return orderer.address.name == name; });
        if (found == orderers->end())
            return session.fail(makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                                          "there is no orderer " + name, {{"node", name}}));
        const auto participation =
            m_access.connector().participation(found->address, found->identity);
        if (!participation.ok()) return session.fail(participation.status());
        const auto present = (*participation)->list(m_access.deadline());
        if (!present.ok()) return session.fail(present.status());
        const bool already = !has(*present, m_access.channel());
        if (!already)
            if (const Status gone =
                    (*participation)->remove(m_access.channel(), m_access.deadline());
                !gone.ok())
                return session.fail(gone, ExitCode::Findings);
        tellDone(session, left, name, already, "has left " + m_access.channel().str(),
                 "is not in " + m_access.channel().str());
    }
    if (session.wantsJson())
        session.print({{"channel", m_access.channel().str()}, {"nodes", left}});
    return ExitCode::Ok;
}

Help ChannelInfoCommand::help() const {
    return {.summary = "Tell what a channel is: nodes and heights, members, policies, settings",
            .about = {"The newest config block is asked from the orderers, the height from every "
                      "node that is known. Exit code 1 when a node does not answer."},
            .examples = {{.what = "The channel of the network",
                          .arguments = "channel info",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

Result<std::vector<usecase::FabricCommand>> ChannelInfoCommand::fabric() {
    return fabricOf(m_access).channelInfo();
}

ExitCode ChannelInfoCommand::act(Session& session) {
    const auto info =
        usecase::InspectChannel().run(m_access.context(), m_access.channel(), m_access.orderers(),
                                      m_access.everyPeer(), m_access.deadline());
    if (!info.ok()) return session.fail(info.status());
    bool all = true;
    for (const auto& node : info->nodes) all = all && node.height.has_value();
    const auto& config = info->config;
    if (session.wantsJson()) {
        Json nodes = Json::array();
        for (const auto& node : info->nodes)
            nodes.push_back({{"name", node.name},
                             {"endpoint", node.endpoint},
                             {"kind", node.isOrderer ? "orderer" : "peer"},
                             {"height", node.height ? Json(*node.height) : Json()},
                             {"problem", bytesToJson(node.problem)}});
        Json members = Json::array();
        for (const auto& member : config.organisations)
            members.push_back({{"name", bytesToJson(member.name)},
                               {"mspid", bytesToJson(member.mspId.str())},
                               {"application", member.application},
                               {"orderer", member.orderer},
                               {"anchor_peers", member.anchorPeers},
                               {"endpoints", member.endpoints}});
        Json policies = Json::object();
        for (const auto& policy : config.policies) policies[policy.path] = policy.text;
        session.print({{"channel", info->channel.str()},
                       {"config_sequence", config.sequence},
                       {"config_block", info->newest.number},
                       {"nodes", std::move(nodes)},
                       {"members", std::move(members)},
                       {"consensus", config.consensus},
                       {"consenters", config.consenters},
                       {"batch_timeout", config.batchTimeout},
                       {"batch_max_messages", config.batchMaxCount},
                       {"capabilities",
                        {{"channel", config.channelCapabilities},
                         {"orderer", config.ordererCapabilities},
                         {"application", config.applicationCapabilities}}},
                       {"policies", std::move(policies)}});
        return all ? ExitCode::Ok : ExitCode::Findings;
    }
    Table table({{"Node", Align::Left, Fit::CutEnd},
                 {"Kind"},
                 {"Address", Align::Left, Fit::CutEnd},
                 {"Height", Align::Right},
                 {"Problem", Align::Left, Fit::Wrap}});
    for (const auto& node : info->nodes)
        table.row({strong(node.name), node.isOrderer ? "orderer" : "peer", node.endpoint,
                   node.height ? Text(number(*node.height)) : Text(), bad(node.problem)});
    session.out().table(table);
    session.out().blank();
    printConfig(session.out(), config);
    return all ? ExitCode::Ok : ExitCode::Findings;
}

Help ChannelCreateCommand::help() const {
    return {.summary = "Make a channel and let the nodes of the network's folder join it",
            .about = {"The first block is made of the MSP folders of these organisations and of "
                      "MSP bundles of others, with the usual policies (\"MAJORITY Admins\"). "
                      "Orderers join through their administrators' interface, then the peers of "
                      "the folder's organisations. A second run finds everything done.",
                      "The block is kept in the network's folder; others join with it."},
            .examples = {{.what = "A further channel of both organisations",
                          .arguments = "channel create second --batch-timeout 200ms",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ChannelCreateCommand::options(CommandLine& line) {
    line.value({.names = "NAME", .help = "Name of the new channel", .required = true}, m_name);
    line.values({.names = "--member",
                 .help = "Organisation of the network's folder; default: all; may be given several "
                         "times",
                 .value = "NAME"},
                m_organisations);
    line.values({.names = "--bundle",
                 .help = "MSP bundle of a further organisation; may be given several times",
                 .kind = ValueKind::File,
                 .value = "FILE"},
                m_bundles);
    line.value({.names = "--batch-timeout", .help = "\"2s\", \"200ms\"", .value = "DURATION"},
               m_batchTimeout);
    line.value({.names = "--batch-messages",
                .help = "Transactions in a block at most",
                .kind = ValueKind::Number,
                .value = "N"},
               m_messages);
}

Result<std::vector<usecase::FabricCommand>> ChannelCreateCommand::fabric() {
    usecase::FabricPlace place = m_access.place();
    place.channel = m_name;
    const usecase::FabricCommands fabric(place);
    const std::string block = m_name + ".block";
    std::vector<usecase::FabricCommand> all = fabric.makeGenesis(block);
    for (auto& command : fabric.joinOrderers(block)) all.push_back(std::move(command));
    for (auto& command : fabric.joinPeers(block)) all.push_back(std::move(command));
    return all;
}

ExitCode ChannelCreateCommand::act(Session& session) {
    const usecase::NetworkFolder* network = m_access.network();
    if (network == nullptr)
        return session.usage("channel create needs --network: its folder has the MSPs.");
    const auto block = usecase::CreateChannel().run(*network, {.channel = ChannelId(m_name),
                                                               .members = m_organisations,
                                                               .bundles = m_bundles,
                                                               .batchTimeout = m_batchTimeout,
                                                               .maxMessages = m_messages,
                                                               .now = session.clock().now()});
    if (!block.ok()) return session.fail(block.status());
    Json joined = Json::array();
    const ChannelId channel(m_name);
    Status done = joinOrderers(session, m_access, channel, block->bytes, joined);
    usecase::CreateNetwork create(m_access.connector(), m_access.deadline());
    for (const std::string& name : block->members) {
        if (!done.ok()) break;
        const auto admin = create.actAs(*network, name, "Admin");
        const auto peers = create.peers(*network, name);
        if (!admin.ok() || !peers.ok())
            return session.fail(admin.ok() ? peers.status() : admin.status());
        done = joinOwnPeers(session, m_access, channel, block->bytes, *peers, *admin, joined);
    }
    if (!done.ok()) return session.fail(done, ExitCode::Findings);
    if (session.wantsJson())
        session.print(
            {{"channel", m_name}, {"block", bytesToJson(block->file.string())}, {"nodes", joined}});
    else
        session.out().fields({{"First block", Text(block->file.string())}});
    return ExitCode::Ok;
}

Help ChannelListCommand::help() const {
    return {.summary = "List the channels that peers are members of",
            .about = {"Every peer of the organisation is asked, or those of --peer."},
            .examples = {{.what = "What are the peers of Org1 members of?",
                          .arguments = "channel list --org Org1",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

Result<std::vector<usecase::FabricCommand>> ChannelListCommand::fabric() {
    return fabricOf(m_access).listChannels();
}

ExitCode ChannelListCommand::act(Session& session) {
    Json all = Json::object();
    for (const auto& peer : m_access.ownPeers()) {
        const auto channels =
            usecase::ReadChannel().ofPeer(m_access.context(), peer, m_access.deadline());
        if (!channels.ok()) return session.fail(channels.status());
        std::vector<std::string> names;
        for (const ChannelId& channel : *channels) names.push_back(channel.str());
        all[peer.name] = names;
        if (!session.wantsJson())
            session.out().line(strong(peer.name) + quiet(": ") +
                               Text(names.empty() ? "none" : list(names)));
    }
    if (session.wantsJson()) session.print(all);
    return ExitCode::Ok;
}

Help ChannelFetchCommand::help() const {
    return {.summary = "Fetch a block of a channel into a file",
            .about = {"The first orderer that answers gives it. \"config show\" and \"ledger "
                      "verify\" read such files."},
            .examples = {{.what = "The configuration in force",
                          .arguments = "channel fetch --out config.block",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ChannelFetchCommand::options(CommandLine& line) {
    line.value({.names = "--block",
                .help = "config, newest, oldest or the number of a block; default: config",
                .value = "WHICH"},
               m_which);
    line.value({.names = "--out",
                .help = "File to be written; must not be there",
                .kind = ValueKind::Path,
                .value = "FILE",
                .required = true},
               m_out);
}

Result<std::vector<usecase::FabricCommand>> ChannelFetchCommand::fabric() {
    return fabricOf(m_access).fetch(m_which, m_out.string());
}

ExitCode ChannelFetchCommand::act(Session& session) {
    std::optional<BlockNumber> number;
    if (m_which == "oldest") number = 0;
    if (m_which != "oldest" && m_which != "newest" && m_which != "config") {
        BlockNumber read = 0;
        const char* end = m_which.data() + m_which.size();
        const auto result = std::from_chars(m_which.data(), end, read);
        if (result.ec != std::errc() || result.ptr != end)
            return session.usage("--block is config, newest, oldest or a number");
        number = read;
    }
    Result<Bytes> block =
        makeError(StatusCode::kNotFound, "NO_ORDERER", "the network names no orderer");
    for (const auto& orderer : m_access.orderers()) {
        const auto delivery = m_access.connector().ordererDelivery(orderer);
        if (!delivery.ok()) return session.fail(delivery.status());
        const usecase::ReadChannel read;
        block = m_which == "config" ? read.configBlock(m_access.context(), **delivery,
                                                       m_access.channel(), m_access.deadline())
                                    : read.block(m_access.context(), **delivery, m_access.channel(),
                                                 number, m_access.deadline());
        if (block.ok()) break;
    }
    if (!block.ok()) return session.fail(block.status());
    if (const Status written = writeNewFile(m_out, *block); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print({{"file", bytesToJson(m_out.string())}, {"bytes", block->size()}});
    else
        session.out().item(good("✓"), m_out.string() + " (" + size(block->size()) + ")");
    return ExitCode::Ok;
}

}  // namespace chancery::cli
