#include "node/peer/GatewayCalls.h"

#include <algorithm>
#include <array>

namespace chancery::node {
namespace {

constexpr std::array<std::string_view, 4> kSystemContracts{"_lifecycle", "cscc", "lscc", "qscc"};

bool isSystem(std::string_view contract) {
    return std::find(kSystemContracts.begin(), kSystemContracts.end(), contract) !=
           kSystemContracts.end();
}

}  // namespace

std::vector<ChannelPeerPtr> peersWith(const GatewayParts& parts, PeerChannel& channel,
                                      std::string_view contract) {
    auto peers = isSystem(contract) ? parts.directory.peers(channel)
                                    : parts.directory.peersWith(channel, contract);
    sortForAsking(peers);
    return peers;
}

bool isWorthRefresh(const GatewayParts& parts, PeerChannel& channel, std::string_view contract,
                    int& attempts) {
    constexpr int kMostAttempts = 3;
    if (isSystem(contract) || attempts == kMostAttempts) return false;
    if (attempts != 0 && !parts.directory.isSomeoneBehind(channel)) return false;
    const auto definition = channel.definition(contract);
    if (!definition.ok() || !*definition) return false;
    ++attempts;
    return true;
}

GatewayCall::GatewayCall(Gateway::Reply reply, std::stop_token stop)
    : m_reply(std::move(reply)), m_stop(std::move(stop)) {}

bool GatewayCall::finish(Result<Bytes> answer) {
    if (m_isFinished.exchange(true)) return false;
    const Gateway::Reply reply = std::move(m_reply);
    reply(std::move(answer));
    return true;
}

void GatewayCall::watch(std::function<void()> onStop) {
    if (m_stop.stop_possible()) m_watch.emplace(std::move(m_stop), Run{std::move(onStop)});
}

}  // namespace chancery::node
