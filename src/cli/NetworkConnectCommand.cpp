#include "src/cli/NetworkConnectCommand.h"

#include <algorithm>

#include "src/base/File.h"
#include "src/cli/Interrupt.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/GrpcConnector.h"
#include "src/usecase/ConnectNetwork.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMaxPem = 1U << 20;

Json networkJson(const usecase::ConnectedNetwork& network, const std::filesystem::path& file) {
    Json channels = Json::object();
    for (const auto& channel : network.channels) {
        Json peers = Json::array();
        for (const auto& peer : channel.peers)
            peers.push_back({{"name", bytesToJson(peer.name)},
                             {"msp_id", bytesToJson(peer.mspId.str())},
                             {"endpoint", bytesToJson(peer.endpoint)},
                             {"height", peer.height}});
        Json orderers = Json::object();
        for (const auto& [mspId, endpoints] : channel.orderers) orderers[mspId.str()] = endpoints;
        channels[channel.channel.str()] = {{"peers", std::move(peers)},
                                           {"orderers", std::move(orderers)},
                                           {"problem", bytesToJson(channel.problem)}};
    }
    return {{"asked", bytesToJson(network.askedPeer)},
            {"profile", file.string()},
            {"channels", std::move(channels)},
            {"warnings", network.warnings}};
}

void tell(Session& session, const usecase::ConnectedNetwork& network,
          const std::filesystem::path& file) {
    Table table({{"Channel", Align::Left, Fit::CutEnd},
                 {"Node", Align::Left, Fit::CutEnd},
                 {"Organisation", Align::Left, Fit::CutEnd},
                 {"Address", Align::Left, Fit::CutMiddle},
                 {"Height", Align::Right}});
    for (const auto& channel : network.channels) {
        for (const auto& peer : channel.peers)
            table.row({channel.channel.str(), peer.name, peer.mspId.str(), peer.endpoint,
                       number(peer.height)});
        for (const auto& [mspId, endpoints] : channel.orderers)
            for (const std::string& endpoint : endpoints)
                table.row({channel.channel.str(), "orderer", mspId.str(), endpoint});
        if (!channel.problem.empty())
            session.out().item(bad("✗"),
                               strong(channel.channel.str()) + Text(": ") + Text(channel.problem));
    }
    if (table.rows() > 0) session.out().table(table);
    for (const std::string& one : network.warnings) session.err().item(warning("!"), Text(one));
    session.out().item(
        good("✓"),
        Text(fmt::format("{} and {} are in {}", counted(network.profile.peers.size(), "peer"),
                         counted(network.profile.orderers.size(), "orderer"), file.string())));
}

}  // namespace

Help NetworkConnectCommand::help() const {
    return {
        .summary = "Find out what belongs to a network that exists",
        .about =
            {"One peer of the own organisation is asked: for its channels, and for their peers, "
             "orderers and TLS roots. What it tells is kept as a connection profile in the "
             "folder of --out, which other commands take with --profile. Asking again keeps "
             "what is known and adds what is new.",
             "Nothing is changed in the network. Any peer of Fabric 2.5 answers."},
        .examples = {{.what = "From one address to the whole network",
                      .arguments =
                          "network connect --profile network/profiles/connection-Org1.json "
                          "--msp-id Org1MSP --msp "
                          "network/crypto/peerOrganizations/org1.example.com/users/"
                          "Admin@org1.example.com/msp --out connected",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true}}};
}

void NetworkConnectCommand::declare(CommandLine& line) {
    line.value({.names = "--profile",
                .help = "A connection profile with at least one peer of the organisation",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_profile);
    line.value({.names = "--peer",
                .help = "Instead of --profile, or out of it: the peer to be asked",
                .value = "HOST:PORT"},
               m_peer);
    line.value({.names = "--tls-roots",
                .help = "With --peer: certificates of the CAs that may vouch for it",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_tlsRoots);
    line.value({.names = "--server-name",
                .help = "With --peer: name in its certificate, when not the host",
                .value = "NAME"},
               m_serverName);
    line.value({.names = "--msp",
                .help = "MSP folder of the user who asks, with its key",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_msp);
    line.value({.names = "--msp-id", .help = "With --msp: its MSP id", .value = "ID"}, m_mspId);
    line.value({.names = "--identity",
                .help = "Instead of --msp: an identity of the workspace",
                .value = "LABEL"},
               m_identity);
    m_workspace.declareOptional(line);
    line.values({.names = "-C,--channel",
                 .help = "A channel that is known; may be given several times",
                 .value = "NAME"},
                m_channels);
    line.value({.names = "--name", .help = "What the network shall be called", .value = "NAME"},
               m_name);
    line.value({.names = "--out",
                .help = "Folder for connection.json; default: network",
                .kind = ValueKind::Path,
                .value = "DIR"},
               m_out);
    line.value({.names = "--timeout",
                .help = "Seconds to wait at most; default: 30",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_seconds);
}

ExitCode NetworkConnectCommand::run(Session& session) {
    if (!m_profile && !m_peer) return session.usage("--profile or --peer is missing");
    if (!m_profile && !m_tlsRoots) return session.usage("--peer needs --tls-roots");
    if (m_identity.has_value() == m_msp.has_value())
        return session.usage("either --msp with --msp-id or --identity says who asks");
    if (m_msp && m_mspId.empty()) return session.usage("--msp needs --msp-id");
    const auto connect = [&](const Interrupt& interrupt) -> Result<usecase::ConnectedNetwork> {
        identity::SigningIdentityPtr who;
        if (m_msp) {
            ASSIGN_OR_RETURN(who, identity::loadSigningIdentity(*m_msp, MspId(m_mspId)));
        } else {
            RETURN_IF_ERROR(m_workspace.unlock());
            ASSIGN_OR_RETURN(who, m_workspace.wallet().identities().signing(*m_identity));
        }
        usecase::ConnectRequest request{
            .name = m_name,
            .deadline = deadlineIn(
                std::chrono::seconds(std::min<std::uint64_t>(m_seconds.value_or(30), 86'400))),
            .stop = interrupt.token()};
        for (const std::string& channel : m_channels) request.channels.emplace_back(channel);
        // What an earlier time has found stays.
        const auto file = m_profile.value_or(m_out / "connection.json");
        std::error_code code;
        if (m_profile || std::filesystem::exists(file, code)) {
            ASSIGN_OR_RETURN(request.profile, interfaces::readConnectionProfileFile(file));
        }
        if (m_peer && m_tlsRoots) {
            interfaces::NodeAddress address{.name = {}, .endpoint = *m_peer};
            ASSIGN_OR_RETURN(address.tlsRootsPem, readFile(*m_tlsRoots, kMaxPem));
            address.serverName = m_serverName.value_or("");
            request.peers.push_back(std::move(address));
        } else {
            for (const auto& [name, organisation] : request.profile.organisations)
                for (const std::string& peer : organisation.peers)
                    if (const auto found = request.profile.peers.find(peer);
                        organisation.mspId == who->mspId() &&
                        found != request.profile.peers.end() &&
                        (!m_peer || *m_peer == peer || *m_peer == found->second.endpoint))
                        request.peers.push_back(found->second);
        }
        client::GrpcConnector connector;
        return usecase::ConnectNetwork().run({.connector = connector, .identity = who}, connector,
                                             request);
    };
    const Interrupt interrupt;
    const auto network = connect(interrupt);
    if (!network.ok()) return session.fail(network.status());
    if (const Status written = usecase::ConnectNetwork::write(*network, m_out); !written.ok())
        return session.fail(written);
    const auto file = m_out / "connection.json";
    if (session.wantsJson())
        session.print(networkJson(*network, file));
    else
        tell(session, *network, file);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
