#pragma once

#include <functional>
#include <memory>

#include "node/peer/PeerChannel.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::node {

/// Hands the private data of an execution to other peers before it is endorsed. Here gossip will
/// attach. Thread-safe.
class PrivateDissemination {
public:
    virtual ~PrivateDissemination() = default;
    /// `done` is called once, on any thread: OK when as many peers of each collection have it as
    /// the collection requires (required_peer_count).
    virtual void disseminate(const std::shared_ptr<PeerChannel>& channel, const TxId& txId,
                             BlockNumber height, BytesView txPvtReadWriteSet,
                             std::function<void(Status)> done) = 0;
};

/// For a peer without gossip: nobody else gets anything, so collections that require it refuse
/// (FAILED_PRECONDITION, NO_ELIGIBLE_PEERS, in Fabric's words).
std::unique_ptr<PrivateDissemination> makeLocalDissemination();

}  // namespace chancery::node
