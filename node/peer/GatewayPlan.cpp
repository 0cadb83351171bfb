#include "node/peer/GatewayPlan.h"

#include <algorithm>
#include <random>

namespace chancery::node {
namespace {

bool contains(const std::vector<ChannelPeerPtr>& peers, const ChannelPeer* peer) {
    return std::any_of(peers.begin(), peers.end(),
                       [peer](const auto& member) { return member.get() == peer; });
}

}  // namespace

void sortForAsking(std::vector<ChannelPeerPtr>& peers) {
    if (peers.size() < 2) return;
    // Heights move meanwhile, and a sort must not see that.
    std::vector<std::pair<BlockNumber, ChannelPeerPtr>> keyed;
    for (auto& peer : peers) {
        const BlockNumber height = peer->height.load();
        keyed.emplace_back(height, std::move(peer));
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first > b.first;
        return a.second->isSelf && !b.second->isSelf;
    });
    for (std::size_t i = 0; i < peers.size(); ++i) peers[i] = std::move(keyed[i].second);
}

GatewayPlan::GatewayPlan(std::vector<std::vector<ChannelPeerPtr>> groups,
                         std::vector<std::vector<EndorsementLayouts::Need>> layouts)
    : m_groups(std::move(groups)) {
    for (auto& needs : layouts) m_layouts.push_back({std::move(needs), {}, false});
}

GatewayPlan GatewayPlan::oneOfEach(std::vector<std::vector<ChannelPeerPtr>> groups) {
    std::vector<EndorsementLayouts::Need> needs;
    for (std::size_t i = 0; i < groups.size(); ++i) needs.push_back({i, 1});
    return {std::move(groups), {std::move(needs)}};
}

GatewayPlan GatewayPlan::fromLayouts(const EndorsementLayouts& layouts,
                                     const ChannelPeer* preferred) {
    auto groups = layouts.groups;
    for (auto& group : groups) sortForAsking(group);
    auto ordered = layouts.layouts;
    if (ordered.size() > 1) {
        thread_local std::minstd_rand random{std::random_device{}()};
        std::shuffle(ordered.begin(), ordered.end(), random);
        std::stable_partition(ordered.begin(), ordered.end(), [&](const auto& needs) {
            return std::any_of(needs.begin(), needs.end(), [&](const auto& need) {
                return preferred != nullptr && contains(groups[need.group], preferred);
            });
        });
    }
    return {std::move(groups), std::move(ordered)};
}

ChannelPeerPtr GatewayPlan::takeFrom(std::size_t group) {
    for (const auto& peer : m_groups[group])
        if (m_used.insert(peer.get()).second) return peer;
    return nullptr;
}

std::vector<GatewayPlan::Pick> GatewayPlan::next() {
    for (Layout& layout : m_layouts) {
        if (layout.isAbandoned) continue;
        std::vector<Pick> picks;
        bool isEnough = true;
        for (const auto& need : layout.needs)
            for (std::uint32_t i = 0; i < need.quantity && isEnough; ++i) {
                auto peer = takeFrom(need.group);
                isEnough = peer != nullptr;
                if (peer) picks.push_back({std::move(peer), need.group});
            }
        if (isEnough && !picks.empty()) return picks;
        for (const Pick& pick : picks) m_used.erase(pick.peer.get());
        layout.isAbandoned = true;
    }
    return {};
}

std::optional<GatewayPlan::Pick> GatewayPlan::instead(std::size_t group) {
    if (auto peer = takeFrom(group)) return Pick{std::move(peer), group};
    for (Layout& layout : m_layouts)
        layout.isAbandoned = layout.isAbandoned ||
                             std::any_of(layout.needs.begin(), layout.needs.end(),
                                         [&](const auto& need) { return need.group == group; });
    return std::nullopt;
}

bool GatewayPlan::accept(const ChannelPeerPtr& peer, ProposalResponsePtr response) {
    m_used.insert(peer.get());
    if (!m_first) m_first = response;
    if (m_first->payload != response->payload) return false;
    for (Layout& layout : m_layouts) {
        if (layout.isAbandoned) continue;
        const auto need = std::find_if(
            layout.needs.begin(), layout.needs.end(),
            [&](const auto& candidate) { return contains(m_groups[candidate.group], peer.get()); });
        if (need == layout.needs.end()) continue;
        layout.endorsements.push_back(response);
        if (--need->quantity == 0) layout.needs.erase(need);
        if (layout.needs.empty() && !m_isComplete) {
            m_isComplete = true;
            m_endorsements = layout.endorsements;
        }
    }
    return true;
}

}  // namespace chancery::node
