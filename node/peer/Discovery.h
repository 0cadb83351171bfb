#pragma once

#include <memory>

#include "node/peer/Layouts.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerDirectory.h"
#include "src/base/Clock.h"
#include "src/base/Status.h"
#include "src/identity/Msp.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::node {

struct DiscoveryOptions {
    /// The own organisation's, which judges queries without a channel; null refuses these.
    identity::MspPtr localMsp;
    /// Whether all members of the own organisation may ask without a channel, and not only its
    /// administrators (peer.discovery.orgMembersAllowedAccess).
    bool membersMayAskLocally = false;
    std::size_t cachedRequests = 1000;  ///< whose signatures are remembered; 0: none
};

/// Fabric's discovery without gRPC (fact sheet B §8). Thread-safe.
class Discovery {
public:
    /// All must outlive it. `self` signs what is said of this peer.
    Discovery(const PeerChannels& channels, PeerDirectory& directory, Layouts& layouts,
              identity::SigningIdentityPtr self, DiscoveryOptions options,
              const Clock& clock = Clock::system());
    ~Discovery();

    /// SignedRequest bytes → Response bytes: one result per query, in their order; a query that is
    /// refused has an error there. UNKNOWN, as Fabric has it, when the request cannot be read or
    /// names nobody.
    Result<Bytes> discover(BytesView signedRequest);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
