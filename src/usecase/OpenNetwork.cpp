#include "src/usecase/OpenNetwork.h"

#include "src/identity/Identity.h"
#include "src/usecase/IdentityNames.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::usecase {
namespace {

using interfaces::ConnectionProfile;
using interfaces::NodeAddress;

Result<MspId> mspIdOf(const ConnectionProfile& profile, const MspId& asked) {
    if (!asked.empty()) return asked;
    const auto own = profile.organisations.find(profile.clientOrganisation);
    if (own != profile.organisations.end() && !own->second.mspId.empty()) return own->second.mspId;
    if (profile.organisations.size() == 1) return profile.organisations.begin()->second.mspId;
    return makeError(StatusCode::kInvalidArgument, "NO_MSP_ID",
                     "the profile does not say which organisation it is for; name its MSP id");
}

std::vector<NodeAddress> peersOf(const ConnectionProfile& profile, const MspId& mspId) {
    std::vector<NodeAddress> peers;
    for (const auto& [name, organisation] : profile.organisations)
        if (organisation.mspId == mspId)
            for (const std::string& peer : organisation.peers)
                if (const auto found = profile.peers.find(peer); found != profile.peers.end())
                    peers.push_back(found->second);
    return peers;
}

Result<std::vector<ChannelId>> channelsOf(const TransactionContext& context,
                                          const ConnectionProfile& profile,
                                          const std::vector<NodeAddress>& peers,
                                          Deadline deadline) {
    std::vector<ChannelId> channels;
    for (const auto& [channel, nodes] : profile.channels) channels.push_back(channel);
    Status last;
    for (const NodeAddress& peer : peers) {
        auto told = ReadChannel().ofPeer(context, peer, deadline);
        if (told.ok()) return told;
        last = told.status();
    }
    if (channels.empty() && !last.ok()) return last;
    return channels;
}

}  // namespace

Result<OpenedChannel> OpenNetwork::run(interfaces::Connector& connector,
                                       const OpenNetworkRequest& request) const {
    ASSIGN_OR_RETURN(const auto profile, interfaces::readConnectionProfileFile(request.profile));
    OpenedChannel opened;
    ASSIGN_OR_RETURN(opened.mspId, mspIdOf(profile, request.mspId));
    ASSIGN_OR_RETURN(const auto identity, identity::loadSigningIdentity(request.msp, opened.mspId));
    const TransactionContext context{.connector = connector, .identity = identity};
    FollowRequest follow{.peers = peersOf(profile, opened.mspId)};
    for (const auto& [name, orderer] : profile.orderers) follow.orderers.push_back(orderer);
    ASSIGN_OR_RETURN(opened.channels, channelsOf(context, profile, follow.peers, request.deadline));
    opened.channel = request.channel;
    if (opened.channel.empty()) {
        if (opened.channels.empty())
            return makeError(StatusCode::kNotFound, "NO_CHANNEL", "the peer is in no channel");
        opened.channel = opened.channels.front();
    }
    follow.channel = opened.channel;
    follow.folder = opened.folder = followFolder(request.indexes, request.profile, opened.channel);
    opened.network = profile.name.empty() ? request.profile.stem().string() : profile.name;
    opened.identity = IdentityNames().of(identity->serialized()).commonName;
    ASSIGN_OR_RETURN(opened.follow, FollowChannel::open(context, std::move(follow)));
    return opened;
}

}  // namespace chancery::usecase
