#include "src/usecase/DiscoveryAnswers.h"

#include <fmt/format.h>
#include <algorithm>

#include "fabric/discovery/protocol.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/identity/Certificate.h"
#include "src/protocol/Envelope.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

constexpr int kMostPeers = 10'000;      // of one organisation in one channel
constexpr int kMostContracts = 10'000;  // of one peer
constexpr std::size_t kMostWarnings = 100;

Status unexpectedDiscovery(std::string_view what) {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     fmt::format("the answer of discovery is not understood: {}", what));
}

/// An address that somebody can be reached at, of letters that belong into one.
bool isUsable(const std::string& endpoint) {
    const auto place = interfaces::splitEndpoint(endpoint);
    if (!place.ok() || place->port == 0 || place->host.empty()) return false;
    return std::all_of(place->host.begin(), place->host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == ':';
    });
}

class AnswerReader {
public:
    Status readConfig(const ::discovery::ConfigResult& config, DiscoveredChannel& channel) {
        for (const auto& [mspId, msp] : config.msps()) {
            ::msp::FabricMSPConfig parsed = msp;
            std::string pem;
            for (const auto* list : {&parsed.tls_root_certs(), &parsed.tls_intermediate_certs()})
                for (const std::string& one : *list) {
                    pem += one;
                    if (!pem.ends_with('\n')) pem += '\n';
                }
            m_answer.tlsRootsPem[MspId(mspId)] = pem;
        }
        for (const auto& [mspId, endpoints] : config.orderers())
            for (const auto& endpoint : endpoints.endpoint()) {
                const bool isV6 = endpoint.host().find(':') != std::string::npos;
                const std::string text = fmt::format("{}{}{}:{}", isV6 ? "[" : "", endpoint.host(),
                                                     isV6 ? "]" : "", endpoint.port());
                auto& known = channel.orderers[MspId(mspId)];
                if (!isUsable(text))
                    warn(channel, fmt::format("the orderer {} has no address that can be used",
                                              printable(text, 256)));
                else if (std::find(known.begin(), known.end(), text) == known.end())
                    known.push_back(text);
            }
        return absl::OkStatus();
    }

    void readMembers(const ::discovery::PeerMembershipResult& members, DiscoveredChannel& channel) {
        for (const auto& [mspId, peers] : members.peers_by_org()) {
            int count = 0;
            for (const auto& peer : peers.peers()) {
                if (++count > kMostPeers) {
                    warn(channel, fmt::format("{} has more peers than are read", mspId));
                    break;
                }
                auto read = readPeer(peer);
                if (read.ok()) {
                    read->mspId = MspId(mspId);
                    channel.peers.push_back(*std::move(read));
                } else {
                    warn(channel, fmt::format("a peer of {} is left out: {}", printable(mspId, 256),
                                              messageOf(read.status())));
                }
            }
        }
        std::sort(channel.peers.begin(), channel.peers.end(), [](const auto& a, const auto& b) {
            return std::tie(a.mspId, a.endpoint) < std::tie(b.mspId, b.endpoint);
        });
    }

    void warn(const DiscoveredChannel& channel, const std::string& what) {
        if (m_answer.warnings.size() < kMostWarnings)
            m_answer.warnings.push_back(fmt::format("{}: {}", channel.channel.str(), what));
    }

    DiscoveryAnswer m_answer;

private:
    static Result<DiscoveredPeer> readPeer(const ::discovery::Peer& from) {
        DiscoveredPeer peer;
        ASSIGN_OR_RETURN(const auto alive, wire::parse<::gossip::GossipMessage>(
                                               from.membership_info().payload(), "membership"));
        peer.endpoint = alive.alive_msg().membership().endpoint();
        if (!isUsable(peer.endpoint)) return unexpectedDiscovery("an address that cannot be used");
        ASSIGN_OR_RETURN(const auto state, wire::parse<::gossip::GossipMessage>(
                                               from.state_info().payload(), "state_info"));
        const auto& properties = state.state_info().properties();
        peer.height = properties.ledger_height();
        for (int i = 0; i < std::min(properties.chaincodes_size(), kMostContracts); ++i)
            peer.contracts[properties.chaincodes(i).name()] = properties.chaincodes(i).version();
        peer.name = nameOf(from.identity());
        if (peer.name.empty()) peer.name = peer.endpoint;
        return peer;
    }

    /// "peer0.org1.example.com", as its certificate says.
    static std::string nameOf(const std::string& identity) {
        const auto decoded = protocol::decodeSerializedIdentity(identity);
        if (!decoded.ok()) return {};
        const auto certificate = identity::Certificate::fromPem(decoded->idBytes);
        return certificate.ok() ? printable(certificate->commonName(), 256) : std::string();
    }
};

}  // namespace

Result<Bytes> signDiscovery(const identity::SigningIdentity& identity,
                            const std::vector<ChannelId>& channels) {
    ::discovery::Request request;
    request.mutable_authentication()->set_client_identity(identity.serialized());
    for (const ChannelId& channel : channels) {
        auto* config = request.add_queries();
        config->set_channel(channel.str());
        config->mutable_config_query();
        auto* members = request.add_queries();
        members->set_channel(channel.str());
        members->mutable_peer_query();
    }
    ::discovery::SignedRequest signedRequest;
    signedRequest.set_payload(wire::serialize(request));
    ASSIGN_OR_RETURN(Bytes signature, identity.sign(signedRequest.payload()));
    signedRequest.set_signature(std::move(signature));
    return wire::serialize(signedRequest);
}

Result<DiscoveryAnswer> readDiscovery(BytesView response, const std::vector<ChannelId>& channels) {
    ASSIGN_OR_RETURN(const auto parsed, wire::parse<::discovery::Response>(response, "discovery"));
    if (static_cast<std::size_t>(parsed.results_size()) != 2 * channels.size())
        return unexpectedDiscovery("another number of results than questions");
    AnswerReader reader;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        DiscoveredChannel channel{.channel = channels[i]};
        const auto& config = parsed.results(static_cast<int>(2 * i));
        const auto& members = parsed.results(static_cast<int>(2 * i + 1));
        for (const auto* result : {&config, &members})
            if (result->has_error()) channel.problem = printable(result->error().content(), 1024);
        if (config.has_config_result())
            RETURN_IF_ERROR(reader.readConfig(config.config_result(), channel));
        else if (!config.has_error())
            return unexpectedDiscovery("no configuration");
        if (members.has_members())
            reader.readMembers(members.members(), channel);
        else if (!members.has_error())
            return unexpectedDiscovery("no members");
        reader.m_answer.channels.push_back(std::move(channel));
    }
    return std::move(reader.m_answer);
}

}  // namespace chancery::usecase
