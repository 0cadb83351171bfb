#include "src/cli/ChannelCommands.h"

#include <charconv>

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::cli {

Help ChannelJoinCommand::help() const {
    return {.summary = "Make the peers of an organisation members of a channel",
            .about = {"A peer joins with the first block of a channel; it then fetches the others "
                      "from the orderers that this block names. Only an administrator of the "
                      "peer's organisation may do that.",
                      "Orderers join through their own interface; \"network create\" does both."},
            .examples = {{.what = "A peer that is in the channel already says so",
                          .arguments = "channel join network/channels/mychannel.block",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void ChannelJoinCommand::declare(CommandLine& line) {
    line.value({.names = "BLOCK",
                .help = "File with the first block of the channel",
                .kind = ValueKind::File,
                .required = true},
               m_block);
    m_access.declare(line);
}

ExitCode ChannelJoinCommand::run(Session& session) {
    const auto block = readFile(m_block);
    if (!block.ok()) return session.fail(block.status());
    if (const Status opened = m_access.open(); !opened.ok()) return session.fail(opened);
    Json joined = Json::array();
    for (const auto& peer : m_access.ownPeers()) {
        const Status status = usecase::JoinChannel().joinPeer(
            m_access.context(), {.peer = peer, .block = *block, .deadline = m_access.deadline()});
        if (!status.ok()) return session.fail(status, ExitCode::Findings);
        joined.push_back(peer.name);
        if (!session.wantsJson()) session.out().item(good("✓"), peer.name + " has joined");
    }
    if (session.wantsJson()) session.print({{"joined", joined}});
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

ExitCode ChannelListCommand::run(Session& session) {
    if (const Status opened = m_access.open(); !opened.ok()) return session.fail(opened);
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

void ChannelFetchCommand::declare(CommandLine& line) {
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
    m_access.declare(line);
}

ExitCode ChannelFetchCommand::run(Session& session) {
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
    if (const Status opened = m_access.open(); !opened.ok()) return session.fail(opened);
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
