#include "node/peer/Discovery.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <mutex>
#include <set>

#include "fabric/common/configuration.pb.h"
#include "fabric/discovery/protocol.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/DiscoveryAccess.h"
#include "node/peer/DiscoveryMessages.h"
#include "src/base/Log.h"
#include "src/rpc/Endpoint.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

namespace pb = ::discovery;

// Far more than a client asks at once.
constexpr int kMaxQueries = 1000;
constexpr int kMaxInterests = 1000;

std::uint64_t nanoseconds(absl::Time time) {
    return static_cast<std::uint64_t>(absl::ToUnixNanos(time));
}

void refuse(pb::QueryResult& result, std::string_view sentence) {
    result.mutable_error()->set_content(std::string(sentence));
}

/// The interest as Go's protobuf 1.3 prints it, for the text of an error.
std::string textOf(const ::protos::ChaincodeInterest& interest) {
    std::string text;
    for (const auto& call : interest.chaincodes()) {
        if (!text.empty()) text += ' ';
        text += fmt::format("chaincodes:<name:\"{}\" ", call.name());
        for (const auto& name : call.collection_names())
            text += fmt::format("collection_names:\"{}\" ", name);
        if (call.no_private_reads()) text += "no_private_reads:true ";
        if (call.no_public_writes()) text += "no_public_writes:true ";
        if (call.disregard_namespace_policy()) text += "disregard_namespace_policy:true ";
        text += '>';
    }
    return text;
}

/// What is wrong with a query for endorsers; empty when nothing is.
std::string_view problemOf(const pb::ChaincodeQuery& query) {
    if (query.interests().empty())
        return "chaincode query must have at least one chaincode interest";
    for (const auto& interest : query.interests()) {
        if (interest.chaincodes().empty())
            return "chaincode interest must contain at least one chaincode";
        for (const auto& call : interest.chaincodes())
            if (call.name().empty()) return "chaincode name in interest cannot be empty";
    }
    return {};
}

void addEndpoint(pb::Endpoints& endpoints, const std::string& address) {
    const auto endpoint = rpc::parseEndpoint(address);
    if (!endpoint.ok() || endpoint->isUnix()) return;  // as Fabric, which leaves it out
    auto& added = *endpoints.add_endpoint();
    added.set_host(endpoint->host);
    added.set_port(endpoint->port);
}

void fillConfig(const channel::Bundle& bundle, pb::ConfigResult& result) {
    const auto addMsps = [&](const auto& organisations) {
        for (const auto& [name, org] : organisations)
            (*result.mutable_msps())[org.mspId.str()] = org.msp->config();
    };
    addMsps(bundle.ordererOrganisations());
    addMsps(bundle.applicationOrganisations());
    bool ownEndpoints = false;
    for (const auto& [name, org] : bundle.ordererOrganisations())
        ownEndpoints = ownEndpoints || !org.endpoints.empty();
    for (const auto& [name, org] : bundle.ordererOrganisations()) {
        auto& endpoints = (*result.mutable_orderers())[org.mspId.str()];
        if (ownEndpoints) {
            for (const std::string& address : org.endpoints) addEndpoint(endpoints, address);
        } else {
            // Global addresses belong to every organisation.
            for (const auto& orderer : bundle.ordererEndpoints())
                addEndpoint(endpoints, orderer.address);
        }
    }
}

}  // namespace

struct Discovery::Impl {
    Impl(const PeerChannels& channelsOfPeer, PeerDirectory& peers, Layouts& layoutsOfPeer,
         identity::SigningIdentityPtr who, const DiscoveryOptions& options, const Clock& time)
        : channels(channelsOfPeer),
          directory(peers),
          layouts(layoutsOfPeer),
          self(std::move(who)),
          clock(time),
          access(options.localMsp, options.membersMayAskLocally, options.cachedRequests, time),
          startedNs(nanoseconds(time.now())) {}

    /// With the membership, and with the state in a channel unless `channel` is null.
    void fillPeer(const ChannelPeer& peer, const ChannelId* channel, pb::Peer& out) {
        out.set_identity(peer.identity);
        auto& alive = *out.mutable_membership_info();
        if (peer.alive.payload.empty()) {
            alive.set_payload(encodeAlive(peer, startedNs));  // unsigned, as Fabric's own
        } else {
            alive.set_payload(peer.alive.payload);
            alive.set_signature(peer.alive.signature);
        }
        if (channel == nullptr) return;
        auto& info = *out.mutable_state_info();
        // What it signed is older than what is known meanwhile, unless it comes by gossip.
        if (peer.stateInfo.payload.empty()) {
            info.set_payload(encodeStateInfo(peer, *channel, startedNs, nanoseconds(clock.now())));
            if (peer.isSelf) sign(info);
        } else {
            info.set_payload(peer.stateInfo.payload);
            info.set_signature(peer.stateInfo.signature);
        }
    }

    /// As Fabric has it; clients do not ask for it.
    void sign(::gossip::Envelope& message) const {
        if (auto signature = self->sign(message.payload()); signature.ok())
            message.set_signature(*std::move(signature));
    }

    void fillMembers(const std::vector<ChannelPeerPtr>& peers, const ChannelId* channel,
                     pb::PeerMembershipResult& result) {
        auto& byOrg = *result.mutable_peers_by_org();
        for (const auto& peer : peers)
            fillPeer(*peer, channel, *byOrg[peer->mspId.str()].add_peers());
    }

    void answerMembers(PeerChannel& channel, const pb::Query& query, pb::QueryResult& result) {
        auto peers = layouts.peersFor(channel, query.peer_query().filter());
        if (!peers.ok()) return refuse(result, messageOf(peers.status()));
        auto& members = *result.mutable_members();
        // Organisations that are known but have nobody to show are there all the same.
        for (const auto& peer : directory.peers(channel))
            (*members.mutable_peers_by_org())[peer->mspId.str()];
        fillMembers(*peers, &channel.channelId(), members);
    }

    void answerEndorsers(PeerChannel& channel, const pb::ChaincodeQuery& query,
                         pb::QueryResult& result) {
        if (const auto problem = problemOf(query); !problem.empty()) return refuse(result, problem);
        if (query.interests_size() > kMaxInterests) return refuse(result, "too many interests");
        auto& content = *result.mutable_cc_query_res();
        for (const auto& interest : query.interests()) {
            const auto found = layouts.find(channel, wire::serialize(interest));
            if (!found.ok()) {
                log::warning("discovery",
                             fmt::format("no endorsers for {} in {}: {}", textOf(interest),
                                         channel.channelId().str(), messageOf(found.status())));
                directory.refreshSoon(channel.channelId());
                return refuse(result, "failed constructing descriptor for " + textOf(interest));
            }
            fillDescriptor(channel, **found, *content.add_content());
        }
    }

    void fillDescriptor(PeerChannel& channel, const EndorsementLayouts& found,
                        pb::EndorsementDescriptor& out) {
        const auto nameOf = [](std::size_t group) { return fmt::format("G{}", group); };
        out.set_chaincode(found.chaincode);
        for (std::size_t i = 0; i < found.groups.size(); ++i) {
            auto& group = (*out.mutable_endorsers_by_groups())[nameOf(i)];
            for (const auto& peer : found.groups[i])
                fillPeer(*peer, &channel.channelId(), *group.add_peers());
        }
        for (const auto& layout : found.layouts) {
            auto& quantities = *out.add_layouts()->mutable_quantities_by_group();
            for (const auto& need : layout) quantities[nameOf(need.group)] = need.quantity;
        }
    }

    void answer(const pb::Query& query, const policy::SignedData& request,
                pb::QueryResult& result) {
        if (query.channel().empty()) {
            if (const Status allowed = access.checkLocal(request); !allowed.ok())
                return deny(query, allowed, result);
            if (query.query_case() != pb::Query::kLocalPeers)
                return refuse(result, "unknown or missing request type");
            result.mutable_members();
            return fillMembers(directory.localPeers(), nullptr, *result.mutable_members());
        }
        const auto channel = channels.find(ChannelId(query.channel()));
        if (!channel)
            return deny(query, Status(StatusCode::kNotFound, "there is no such channel"), result);
        const auto bundle = channel->bundle();
        if (const Status allowed = access.checkChannel(*bundle, request); !allowed.ok())
            return deny(query, allowed, result);
        switch (query.query_case()) {
            case pb::Query::kConfigQuery:
                return fillConfig(*bundle, *result.mutable_config_result());
            case pb::Query::kPeerQuery:
                directory.heard(*channel, request.identity);
                return answerMembers(*channel, query, result);
            case pb::Query::kCcQuery:
                return answerEndorsers(*channel, query.cc_query(), result);
            default:
                return refuse(result, "unknown or missing request type");
        }
    }

    // Who may not ask does not learn why, either.
    static void deny(const pb::Query& query, const Status& why, pb::QueryResult& result) {
        log::warning("discovery", fmt::format("query for channel '{}' refused: {}", query.channel(),
                                              messageOf(why)));
        refuse(result, "access denied");
    }

    const PeerChannels& channels;
    PeerDirectory& directory;
    Layouts& layouts;
    const identity::SigningIdentityPtr self;
    const Clock& clock;
    DiscoveryAccess access;
    const std::uint64_t startedNs;
};

Discovery::Discovery(const PeerChannels& channels, PeerDirectory& directory, Layouts& layouts,
                     identity::SigningIdentityPtr self, DiscoveryOptions options,
                     const Clock& clock)
    : m_impl(
          std::make_unique<Impl>(channels, directory, layouts, std::move(self), options, clock)) {}
Discovery::~Discovery() = default;

Result<Bytes> Discovery::discover(BytesView signedRequest) {
    const auto refused = [](const std::string& sentence) {
        return Status(StatusCode::kUnknown, sentence);
    };
    const auto outer = wire::parse<pb::SignedRequest>(signedRequest, "signed_request");
    if (!outer.ok())
        return refused(fmt::format("failed parsing request: {}", messageOf(outer.status())));
    const auto request = wire::parse<pb::Request>(outer->payload(), "request");
    if (!request.ok())
        return refused(fmt::format("failed parsing request: {}", messageOf(request.status())));
    if (!request->has_authentication())
        return refused("access denied, no authentication info in request");
    if (request->authentication().client_identity().empty())
        return refused("access denied, client identity wasn't supplied");
    if (request->queries_size() > kMaxQueries) return refused("too many queries");

    const policy::SignedData data{outer->payload(), request->authentication().client_identity(),
                                  outer->signature()};
    pb::Response response;
    for (const auto& query : request->queries())
        m_impl->answer(query, data, *response.add_results());
    return wire::serialize(response);
}

}  // namespace chancery::node
