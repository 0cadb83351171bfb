#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/peer/PeerChannel.h"
#include "node/peer/PeerDirectory.h"
#include "src/base/Status.h"

namespace protos {
class ChaincodeInterest;
}

namespace chancery::node {

/// Who can endorse together: groups of peers that do the same for the policies, and layouts that
/// say how many of which group suffice.
struct EndorsementLayouts {
    struct Need {
        std::size_t group = 0;
        std::uint32_t quantity = 0;
    };
    std::string chaincode;  ///< the first one of the interest
    /// Each is in use by a layout and not empty. Group i is called "G<i>" on the wire.
    std::vector<std::vector<ChannelPeerPtr>> groups;
    std::vector<std::vector<Need>> layouts;  ///< small ones first
};
using EndorsementLayoutsPtr = std::shared_ptr<const EndorsementLayouts>;

/// The algorithm behind discovery's endorsement descriptors (fact sheet B §8), with a cache: the
/// same interest is computed again only when the configuration, a definition or the peers have
/// changed. Thread-safe.
class Layouts {
public:
    explicit Layouts(const PeerDirectory& directory);
    ~Layouts();

    /// `interest`: ChaincodeInterest bytes. The error's sentence is Fabric's ("No metadata was
    /// found for chaincode x in channel y", …); INVALID_ARGUMENT when the bytes are malformed,
    /// FAILED_PRECONDITION otherwise.
    Result<EndorsementLayoutsPtr> find(PeerChannel& channel, BytesView interest);

    /// Peers of the channel that can run all of the interest's contracts and may see its
    /// collections; an empty interest asks for all.
    Result<std::vector<ChannelPeerPtr>> peersFor(PeerChannel& channel,
                                                 const ::protos::ChaincodeInterest& interest);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
