#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/peer/PeerChannel.h"
#include "src/base/Bytes.h"
#include "src/base/Clock.h"
#include "src/base/Ids.h"
#include "src/identity/SigningIdentity.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

class GatewayConnections;

/// A gossip message as its author signed it. Without payload: the author has not told us itself.
struct SignedMessage {
    Bytes payload;  ///< GossipMessage
    Bytes signature;
};

/// A peer in a channel.
struct ChannelPeer {
    MspId mspId;
    std::string endpoint;  ///< "host:port"
    Bytes identity;        ///< SerializedIdentity
    Bytes pkiId;           ///< SHA-256 over MSP id and certificate (fact sheet B §9)
    /// Contracts that it can run: name → sequence of the definition, in decimal.
    std::map<std::string, std::string, std::less<>> contracts;
    bool isSelf = false;
    SignedMessage alive;  ///< what it said of itself, to be passed on to clients
    SignedMessage stateInfo;
    /// Number of the next block; moves while the rest stays as it is.
    mutable std::atomic<BlockNumber> height{0};
};
using ChannelPeerPtr = std::shared_ptr<const ChannelPeer>;

/// The PKI-ID of SerializedIdentity bytes; empty when they are none.
Bytes pkiIdOf(BytesView serializedIdentity);

/// A peer that the configuration of this node names.
struct KnownPeer {
    MspId mspId;
    std::string endpoint;  ///< "host:port"
};

struct PeerDirectoryOptions {
    std::string selfEndpoint;  ///< under which others reach this peer: "host:port"
    std::vector<KnownPeer> peers;
    std::chrono::milliseconds refresh{30'000};  ///< between two questions to the same peer
    std::chrono::milliseconds firstRetry{1'000};
    std::chrono::milliseconds lastRetry{15'000};
    std::chrono::milliseconds callTimeout{5'000};
    /// Whether this peer can run a defined contract (it is installed and approved by the own
    /// organisation). Without it: every defined one.
    std::function<bool(const ChannelId&, std::string_view contract)> isRunnable;
};

/// Which peers of which organisations are in a channel, what they can run and how far their ledgers
/// are. There is no gossip here: peers that the configuration of the node or of the channel (anchor
/// peers) names are asked by Discovery from time to time, and what they report of others counts
/// when these signed it. `report` is where gossip hands in what it hears. Thread-safe.
class PeerDirectory {
public:
    /// `channels`, `connections` and `clock` must outlive it.
    PeerDirectory(const PeerChannels& channels, identity::SigningIdentityPtr self,
                  GatewayConnections& connections, PeerDirectoryOptions options,
                  const Clock& clock = Clock::system());
    ~PeerDirectory();

    /// Begins to ask others, in the background; not needed for what is reported.
    void start();
    void stop();

    /// This peer in a channel, as of now.
    ChannelPeerPtr self(PeerChannel& channel) const;
    const MspId& selfMsp() const;
    /// All that are known, this one first, the others by MSP id and endpoint. Whoever is no valid
    /// member of the channel any more is left out.
    std::vector<ChannelPeerPtr> peers(PeerChannel& channel) const;
    /// Those of them that can run a contract. Cheaper, for calls: what this peer can run is looked
    /// up again only every second, or when the contract is not among it.
    std::vector<ChannelPeerPtr> peersWith(PeerChannel& channel, std::string_view contract) const;
    /// This peer and others without regard to channels.
    std::vector<ChannelPeerPtr> localPeers() const;
    /// Changes when peers come or go or can run other contracts; not with heights.
    std::uint64_t generation() const;

    /// What was learned of another peer; its identity is checked against the channel's MSPs.
    /// INVALID_ARGUMENT (BAD_PEER), or what the MSP says.
    Status report(PeerChannel& channel, std::shared_ptr<ChannelPeer> peer);
    /// The peer is not reachable any more; what was known of it is dropped. It is asked again soon
    /// if somebody names it.
    void lost(const ChannelId& channel, BytesView pkiId);
    /// Somebody has asked this peer about the channel, and was allowed to. When it is another peer,
    /// and not known, its organisation's are asked at once: it may just have come.
    void heard(PeerChannel& channel, BytesView caller);
    /// Asks everybody in the channel again now, because what is known did not suffice.
    void refreshSoon(const ChannelId& channel);
    /// The same at once, and `done` when all have answered that usually do, or a second has passed.
    /// Others are not asked more often for it than five times a second. `done` runs on a thread of
    /// the directory, or on this one when nobody is asked (before start() and after stop()).
    void refreshThen(const ChannelId& channel, std::function<void()> done);
    /// Whether somebody's ledger was shorter than this peer's when it was asked last: it may not
    /// know yet what was committed here.
    bool isSomeoneBehind(PeerChannel& channel) const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::node
