#include "src/usecase/ConnectNetwork.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/usecase/DiscoveryAnswers.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::usecase {
namespace {

using interfaces::ConnectionProfile;
using interfaces::NodeAddress;

/// Adds what was found to what is known.
class ProfileBuilder {
public:
    ProfileBuilder(ConnectionProfile profile, const DiscoveryAnswer& answer)
        : m_profile(std::move(profile)), m_answer(answer) {}

    ConnectionProfile build() {
        for (const DiscoveredChannel& channel : m_answer.channels) {
            auto& known = m_profile.channels[channel.channel];
            for (const DiscoveredPeer& peer : channel.peers) addOnce(known.peers, addPeer(peer));
            for (const auto& [mspId, endpoints] : channel.orderers)
                for (const std::string& endpoint : endpoints)
                    addOnce(known.orderers, addOrderer(mspId, endpoint));
        }
        return std::move(m_profile);
    }

private:
    static void addOnce(std::vector<std::string>& to, const std::string& name) {
        if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
    }

    /// What a profile calls the node with that address; empty when it does not know it.
    static std::string nameAt(const std::map<std::string, NodeAddress>& nodes,
                              const std::string& endpoint) {
        for (const auto& [name, address] : nodes)
            if (address.endpoint == endpoint) return name;
        return {};
    }

    std::string rootsOf(const MspId& mspId) const {
        const auto found = m_answer.tlsRootsPem.find(mspId);
        return found == m_answer.tlsRootsPem.end() ? std::string() : found->second;
    }

    std::string addPeer(const DiscoveredPeer& peer) {
        std::string name = nameAt(m_profile.peers, peer.endpoint);
        if (name.empty()) {
            // One that the profile reaches at another address is the same one.
            name = peer.name;
            const auto taken = m_profile.peers.find(name);
            const bool isOwn = taken != m_profile.peers.end() && belongs(name, peer.mspId);
            if (taken != m_profile.peers.end() && !isOwn)
                name = fmt::format("{}@{}", peer.name, peer.endpoint);
            if (!isOwn)
                m_profile.peers[name] = {.name = name,
                                         .endpoint = peer.endpoint,
                                         .tlsRootsPem = rootsOf(peer.mspId),
                                         .serverName = {}};
        }
        NodeAddress& address = m_profile.peers[name];
        if (address.tlsRootsPem.empty()) address.tlsRootsPem = rootsOf(peer.mspId);
        addOnce(organisation(peer.mspId).peers, name);
        return name;
    }

    std::string addOrderer(const MspId& mspId, const std::string& endpoint) {
        std::string name = nameAt(m_profile.orderers, endpoint);
        if (name.empty()) {
            name = endpoint;
            m_profile.orderers[name] = {
                .name = name, .endpoint = endpoint, .tlsRootsPem = {}, .serverName = {}};
        }
        NodeAddress& address = m_profile.orderers[name];
        // Addresses that belong to all organisations of orderers may be of any of them.
        if (const std::string roots = rootsOf(mspId);
            m_found.insert(name).second ? address.tlsRootsPem.empty()
                                        : address.tlsRootsPem.find(roots) == std::string::npos)
            address.tlsRootsPem += roots;
        return name;
    }

    bool belongs(const std::string& peer, const MspId& mspId) {
        for (const auto& [name, organisation] : m_profile.organisations)
            if (std::find(organisation.peers.begin(), organisation.peers.end(), peer) !=
                organisation.peers.end())
                return organisation.mspId == mspId;
        return false;
    }

    ConnectionProfile::Organisation& organisation(const MspId& mspId) {
        for (auto& [name, organisation] : m_profile.organisations)
            if (organisation.mspId == mspId) return organisation;
        auto& made = m_profile.organisations[mspId.str()];
        made.mspId = mspId;
        return made;
    }

    ConnectionProfile m_profile;
    const DiscoveryAnswer& m_answer;
    std::set<std::string> m_found;
};

/// What one peer tells.
Result<ConnectedNetwork> askPeer(const TransactionContext& context,
                                 interfaces::DiscoveryConnector& connector,
                                 const ConnectRequest& request, const NodeAddress& peer) {
    std::set<ChannelId> wanted(request.channels.begin(), request.channels.end());
    for (const auto& [channel, members] : request.profile.channels) wanted.insert(channel);
    auto told = ReadChannel().ofPeer(context, peer, request.deadline);
    if (told.ok()) wanted.insert(told->begin(), told->end());
    // Who is not told of channels may still be told of those that he knows.
    if (!told.ok() && (reasonOf(told.status()) != "CONTRACT_REFUSED" || wanted.empty()))
        return told.status();

    const std::vector<ChannelId> channels(wanted.begin(), wanted.end());
    ConnectedNetwork network;
    network.askedPeer = peer.name.empty() ? peer.endpoint : peer.name;
    DiscoveryAnswer answer;
    if (!channels.empty()) {
        ASSIGN_OR_RETURN(const auto discovery, connector.discovery(peer));
        ASSIGN_OR_RETURN(const Bytes question, signDiscovery(*context.identity, channels));
        ASSIGN_OR_RETURN(const Bytes bytes,
                         discovery->ask(question, request.deadline, request.stop));
        ASSIGN_OR_RETURN(answer, readDiscovery(bytes, channels));
        const bool nothing =
            std::all_of(answer.channels.begin(), answer.channels.end(),
                        [](const DiscoveredChannel& channel) { return !channel.problem.empty(); });
        if (nothing)
            return makeError(
                StatusCode::kPermissionDenied, "NOT_DISCOVERED",
                fmt::format("{} tells nothing of {}: {}", network.askedPeer,
                            answer.channels.front().channel.str(), answer.channels.front().problem),
                {{"peer", network.askedPeer},
                 {"channel", answer.channels.front().channel.str()},
                 {"problem", answer.channels.front().problem}});
    }
    // The one that was asked is known to be there, also without a channel.
    ConnectionProfile known = request.profile;
    const bool isKnown =
        std::any_of(known.peers.begin(), known.peers.end(),
                    [&](const auto& entry) { return entry.second.endpoint == peer.endpoint; });
    if (!isKnown) {
        std::string name = peer.name.empty() ? peer.endpoint : peer.name;
        for (const auto& channel : answer.channels)
            for (const auto& other : channel.peers)
                if (other.endpoint == peer.endpoint) name = other.name;
        NodeAddress address = peer;
        address.name = name;
        known.peers[name] = address;
        auto& own = known.organisations[context.identity->mspId().str()];
        own.mspId = context.identity->mspId();
        own.peers.push_back(name);
    }
    if (!request.name.empty()) known.name = request.name;
    network.profile = ProfileBuilder(std::move(known), answer).build();
    network.channels = std::move(answer.channels);
    network.warnings = std::move(answer.warnings);
    return network;
}

}  // namespace

Result<ConnectedNetwork> ConnectNetwork::run(const TransactionContext& context,
                                             interfaces::DiscoveryConnector& connector,
                                             const ConnectRequest& request) const {
    Status last = makeError(StatusCode::kInvalidArgument, "NO_SUCH_NODE",
                            "there is no peer that could be asked", {{"node", ""}});
    for (const NodeAddress& peer : request.peers) {
        auto network = askPeer(context, connector, request, peer);
        if (network.ok()) return network;
        last = withContext(network.status(), peer.name.empty() ? peer.endpoint : peer.name);
        if (request.stop.stop_requested()) break;
    }
    return last;
}

Status ConnectNetwork::write(const ConnectedNetwork& network, const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    return writeFileAtomically(folder / "connection.json", interfaces::toJson(network.profile));
}

}  // namespace chancery::usecase
