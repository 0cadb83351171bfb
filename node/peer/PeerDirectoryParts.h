#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "node/peer/DiscoveryMessages.h"
#include "node/peer/PeerDirectory.h"
#include "src/channel/Bundle.h"
#include "src/identity/Msp.h"
#include "src/rpc/ByteCalls.h"

/// What the directory of peers keeps of each of them.
namespace chancery::node::directory {

using SteadyClock = std::chrono::steady_clock;

/// Somebody to be asked.
struct Target {
    MspId mspId;
    SteadyClock::time_point due;
    SteadyClock::time_point asked;
    /// While it is asked: when somebody wants to know again.
    SteadyClock::time_point again = SteadyClock::time_point::max();
    std::chrono::milliseconds pause{0};
    int failures = 0;
    bool isAsked = false;
    std::weak_ptr<rpc::UnaryByteCall> call;
};

/// Somebody who waits until others were asked again.
struct Waiter {
    std::set<std::string> awaited;  ///< endpoints
    SteadyClock::time_point since;
    std::function<void()> done;
};

struct Members {
    std::map<Bytes, ChannelPeerPtr> byPkiId;
    // Those of them that the configuration takes for members, sorted; made when it is asked for.
    std::vector<ChannelPeerPtr> valid;
    channel::BundlePtr bundle;  ///< under which they are; null: to be made
};

inline bool comesBefore(const ChannelPeerPtr& a, const ChannelPeerPtr& b) {
    return std::tie(a->mspId, a->endpoint) < std::tie(b->mspId, b->endpoint);
}

inline bool isMember(const ChannelPeer& peer, const channel::Bundle& bundle) {
    const auto identity = bundle.msps()->deserialize(peer.identity);
    return identity.ok() && bundle.msps()->validate(**identity).ok() &&
           bundle.applicationOrgs().contains(peer.mspId);
}

inline bool isSignedBy(const identity::Identity& identity, const SignedMessage& message) {
    return !message.signature.empty() && identity.verify(message.payload, message.signature).ok();
}

}  // namespace chancery::node::directory
