#include "node/peer/OwnPeer.h"

#include "node/peer/LayoutsInterest.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::node {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A contract may be installed without any block telling so.
constexpr std::chrono::milliseconds kAge{250};
constexpr std::chrono::milliseconds kQuickAge{1000};

BlockNumber heightOf(PeerChannel& channel) {
    return static_cast<BlockFeed&>(channel).height();
}

}  // namespace

std::shared_ptr<ChannelPeer> OwnPeer::make() const {
    auto peer = std::make_shared<ChannelPeer>();
    peer->mspId = m_signer->mspId();
    peer->endpoint = m_options.selfEndpoint;
    peer->identity = m_signer->serialized();
    peer->pkiId = pkiIdOf(peer->identity);
    peer->isSelf = true;
    return peer;
}

ChannelPeerPtr OwnPeer::thatRuns(PeerChannel& channel, std::string_view contract) {
    const BlockNumber height = heightOf(channel);
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_known.find(channel.channelId());
        if (found != m_known.end() && found->second.peer &&
            SteadyClock::now() - found->second.at < kQuickAge &&
            found->second.peer->contracts.contains(contract)) {
            found->second.peer->height.store(height);
            return found->second.peer;
        }
    }
    return in(channel);
}

ChannelPeerPtr OwnPeer::in(PeerChannel& channel) {
    const BlockNumber height = heightOf(channel);
    const auto now = SteadyClock::now();
    ChannelPeerPtr peer;
    std::uint64_t epoch = 0;
    {
        const std::lock_guard lock(m_mutex);
        const Known& known = m_known[channel.channelId()];
        if (known.peer && known.height == height && now - known.at < kAge) return known.peer;
        peer = known.peer;
        epoch = m_epoch;
    }
    auto contracts = contractsOf(channel);
    if (peer && peer->contracts == contracts) {
        peer->height.store(height);
    } else {
        auto fresh = make();
        fresh->contracts = std::move(contracts);
        fresh->height.store(height);
        peer = std::move(fresh);
        ++m_generation;
    }
    const std::lock_guard lock(m_mutex);
    // What was looked up before a definition changed is old already.
    m_known[channel.channelId()] = {peer, height, epoch == m_epoch ? now : Time()};
    return peer;
}

void OwnPeer::forget(const ChannelId& channel) {
    const std::lock_guard lock(m_mutex);
    ++m_epoch;
    if (const auto known = m_known.find(channel); known != m_known.end()) known->second.at = Time();
}

std::map<std::string, std::string, std::less<>> OwnPeer::contractsOf(PeerChannel& channel) const {
    std::map<std::string, std::string, std::less<>> result;
    result.emplace(protocol::kLifecycleNamespace, "1");
    const auto names = channel.contracts();
    if (!names.ok()) return result;
    for (const std::string& name : *names) {
        if (m_options.isRunnable && !m_options.isRunnable(channel.channelId(), name)) continue;
        const auto sequence = sequenceOf(channel, name);
        if (sequence.ok() && *sequence) result.emplace(name, std::to_string(**sequence));
    }
    return result;
}

}  // namespace chancery::node
