#include "node/peer/DiscoveryMessages.h"

#include "fabric/common/ledger.pb.h"
#include "fabric/discovery/protocol.pb.h"
#include "fabric/gossip/message.pb.h"
#include "src/base/Encoding.h"
#include "src/base/Random.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/protocol/Transaction.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

Status bad(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_PEER", what);
}

}  // namespace

Bytes pkiIdOf(BytesView serializedIdentity) {
    const auto identity = protocol::decodeSerializedIdentity(serializedIdentity);
    if (!identity.ok()) return {};
    return crypto::sha256({identity->mspId, identity->idBytes});
}

Bytes encodeAlive(const ChannelPeer& peer, std::uint64_t startedNs) {
    ::gossip::GossipMessage message;
    message.set_tag(::gossip::GossipMessage::EMPTY);
    auto& alive = *message.mutable_alive_msg();
    alive.mutable_membership()->set_endpoint(peer.endpoint);
    alive.mutable_membership()->set_pki_id(peer.pkiId);
    alive.mutable_timestamp()->set_inc_num(startedNs);
    alive.mutable_timestamp()->set_seq_num(1);
    return wire::serialize(message);
}

Bytes encodeStateInfo(const ChannelPeer& peer, const ChannelId& channel, std::uint64_t startedNs,
                      std::uint64_t nowNs) {
    ::gossip::GossipMessage message;
    message.set_tag(::gossip::GossipMessage::CHAN_OR_ORG);
    auto& info = *message.mutable_state_info();
    info.mutable_timestamp()->set_inc_num(startedNs);
    info.mutable_timestamp()->set_seq_num(nowNs);
    info.set_pki_id(peer.pkiId);
    info.set_channel_mac(crypto::sha256({peer.pkiId, channel.str()}));
    auto& properties = *info.mutable_properties();
    properties.set_ledger_height(peer.height.load());
    for (const auto& [name, version] : peer.contracts) {
        auto& contract = *properties.add_chaincodes();
        contract.set_name(name);
        contract.set_version(version);
    }
    return wire::serialize(message);
}

Result<ReportedPeer> readPeer(const ::discovery::Peer& message) {
    auto peer = std::make_shared<ChannelPeer>();
    const auto identity = protocol::decodeSerializedIdentity(BytesView(message.identity()));
    if (!identity.ok()) return bad("the identity cannot be read");
    peer->mspId = MspId(std::string(identity->mspId));
    peer->identity = message.identity();
    peer->pkiId = pkiIdOf(peer->identity);
    ASSIGN_OR_RETURN(const auto alive, wire::parse<::gossip::GossipMessage>(
                                           message.membership_info().payload(), "alive"));
    if (!alive.has_alive_msg() || !alive.alive_msg().has_membership())
        return bad("there is no membership");
    peer->endpoint = alive.alive_msg().membership().endpoint();
    peer->alive = {message.membership_info().payload(), message.membership_info().signature()};
    const bool hasStateInfo = message.has_state_info();
    if (hasStateInfo) {
        ASSIGN_OR_RETURN(const auto info, wire::parse<::gossip::GossipMessage>(
                                              message.state_info().payload(), "state_info"));
        if (!info.has_state_info() || !info.state_info().has_properties())
            return bad("the state info has no properties");
        const auto& properties = info.state_info().properties();
        peer->height.store(properties.ledger_height());
        for (const auto& contract : properties.chaincodes())
            peer->contracts.emplace(contract.name(), contract.version());
        peer->stateInfo = {message.state_info().payload(), message.state_info().signature()};
    }
    return ReportedPeer{std::move(peer), hasStateInfo};
}

Result<Bytes> encodePeerQuery(const identity::SigningIdentity& signer, BytesView tlsCertHash,
                              const std::vector<ChannelId>& channels) {
    ::discovery::Request request;
    request.mutable_authentication()->set_client_identity(signer.serialized());
    request.mutable_authentication()->set_client_tls_cert_hash(std::string(tlsCertHash));
    for (const ChannelId& channel : channels) {
        auto& query = *request.add_queries();
        query.set_channel(channel.str());
        query.mutable_peer_query();
    }
    ::discovery::SignedRequest signedRequest;
    signedRequest.set_payload(wire::serialize(request));
    ASSIGN_OR_RETURN(*signedRequest.mutable_signature(), signer.sign(signedRequest.payload()));
    return wire::serialize(signedRequest);
}

Result<std::vector<Result<std::vector<ReportedPeer>>>> readPeerResults(BytesView response) {
    ASSIGN_OR_RETURN(const auto message, wire::parse<::discovery::Response>(response, "response"));
    std::vector<Result<std::vector<ReportedPeer>>> results;
    for (const auto& result : message.results()) {
        if (!result.has_members()) {
            results.emplace_back(makeError(StatusCode::kPermissionDenied, "DISCOVERY_REFUSED",
                                           printable(result.error().content(), 200)));
            continue;
        }
        std::vector<ReportedPeer> peers;
        for (const auto& [org, members] : result.members().peers_by_org())
            for (const auto& member : members.peers())
                if (auto peer = readPeer(member); peer.ok()) peers.push_back(*std::move(peer));
        results.emplace_back(std::move(peers));
    }
    return results;
}

Result<Bytes> encodeHeightQuery(const identity::SigningIdentity& signer, BytesView tlsCertHash,
                                const ChannelId& channel, absl::Time now) {
    protocol::ProposalRequest request;
    request.channel = channel;
    request.chaincode = "qscc";
    request.args = {"GetChainInfo", channel.str()};
    request.tlsCertHash = Bytes(tlsCertHash);
    ASSIGN_OR_RETURN(const auto proposal, protocol::buildProposal(request, signer.serialized(),
                                                                  Random::system().bytes(24), now));
    ASSIGN_OR_RETURN(const Bytes signature, signer.sign(proposal.bytes));
    return protocol::encodeSignedProposal(proposal.bytes, signature);
}

Result<EndorsedHeight> readHeight(BytesView proposalResponse) {
    ASSIGN_OR_RETURN(const auto response, protocol::decodeProposalResponse(
                                              protocol::SharedBytes(Bytes(proposalResponse))));
    // The endorsement covers the payload, and not the answer beside it.
    if (!response.endorsement || !response.actionResponse)
        return makeError(StatusCode::kFailedPrecondition, "NOT_ENDORSED",
                         "the peer did not tell its height");
    ASSIGN_OR_RETURN(const auto info, wire::parse<::common::BlockchainInfo>(
                                          response.actionResponse->payload, "chain_info"));
    EndorsedHeight out;
    out.height = info.height();
    out.endorser = response.endorsement->endorser;
    out.signature = response.endorsement->signature;
    out.signedMessage = protocol::endorsementMessage(response.payload, out.endorser);
    return out;
}

}  // namespace chancery::node
