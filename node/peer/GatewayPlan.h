#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "node/peer/GatewayErrors.h"
#include "node/peer/Layouts.h"
#include "src/protocol/ProposalResponse.h"

namespace chancery::node {

using ProposalResponsePtr = std::shared_ptr<const protocol::ProposalResponse>;

/// Which endorsers one transaction asks, in which order, and what they have answered: takes the
/// layouts one after the other, and within a group the next peer for one that failed. One thread at
/// a time.
class GatewayPlan {
public:
    struct Pick {
        ChannelPeerPtr peer;
        std::size_t group = 0;
    };

    /// `groups` in the order in which their peers shall be asked; layouts likewise.
    GatewayPlan(std::vector<std::vector<ChannelPeerPtr>> groups,
                std::vector<std::vector<EndorsementLayouts::Need>> layouts);
    /// One of each group.
    static GatewayPlan oneOfEach(std::vector<std::vector<ChannelPeerPtr>> groups);
    /// From what discovery says: layouts that use a peer which has endorsed already come first
    /// (`preferred` may be null), the others in any order; in each group the highest ledger first,
    /// and this peer among equals.
    static GatewayPlan fromLayouts(const EndorsementLayouts& layouts, const ChannelPeer* preferred);

    /// Whom to ask at once, next. Empty: no layout is left.
    std::vector<Pick> next();
    /// In place of a peer that failed; nothing when its group has no further one, which is then
    /// given up with all layouts that need it.
    std::optional<Pick> instead(std::size_t group);
    /// Counts an endorsement. False when it says something else than the first one.
    bool accept(const ChannelPeerPtr& peer, ProposalResponsePtr response);
    bool isComplete() const { return m_isComplete; }
    /// Of the completed layout, one per endorser.
    const std::vector<ProposalResponsePtr>& endorsements() const { return m_endorsements; }

private:
    struct Layout {
        std::vector<EndorsementLayouts::Need> needs;  // what is still missing
        std::vector<ProposalResponsePtr> endorsements;
        bool isAbandoned = false;
    };
    ChannelPeerPtr takeFrom(std::size_t group);

    std::vector<std::vector<ChannelPeerPtr>> m_groups;
    std::vector<Layout> m_layouts;
    std::set<const ChannelPeer*> m_used;
    ProposalResponsePtr m_first;
    bool m_isComplete = false;
    std::vector<ProposalResponsePtr> m_endorsements;
};

/// In the order in which a gateway asks: highest ledger first, this peer among equals.
void sortForAsking(std::vector<ChannelPeerPtr>& peers);

}  // namespace chancery::node
