#pragma once

#include "node/peer/PeerChannel.h"
#include "src/base/Clock.h"
#include "src/base/LruCache.h"
#include "src/base/Status.h"
#include "src/identity/Msp.h"
#include "src/policy/Policy.h"

namespace chancery::node {

/// Who may ask Discovery. Verdicts on the same signed bytes are remembered until the channel's
/// configuration changes. Thread-safe.
class DiscoveryAccess {
public:
    DiscoveryAccess(identity::MspPtr localMsp, bool membersMayAskLocally,
                    std::size_t cachedRequests, const Clock& clock);

    /// Writers of the channel, and peers of its organisations, which could learn all of it by
    /// gossip.
    Status checkChannel(const channel::Bundle& bundle, const policy::SignedData& request);
    /// Queries without a channel: administrators (or members) of the own organisation.
    Status checkLocal(const policy::SignedData& request);

private:
    template <class Judge>
    Status remembered(const std::string& scope, const policy::SignedData& request, Judge&& judge);
    Status judgeChannel(const channel::Bundle& bundle, const policy::SignedData& request) const;
    Status judgeLocal(const policy::SignedData& request) const;

    const identity::MspPtr m_localMsp;
    const bool m_membersMayAskLocally;
    const std::size_t m_cachedRequests;
    const Clock& m_clock;
    LruCache<Status> m_verdicts;
};

}  // namespace chancery::node
