#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/peer/PeerDirectory.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace discovery {
class Peer;
}

namespace chancery::node {

/// The gossip messages that Discovery's answers consist of (fact sheet B §8 and §9). What a peer
/// signed itself is passed on; for others the messages are written here, without signature, which
/// clients do not ask for.
Bytes encodeAlive(const ChannelPeer& peer, std::uint64_t startedNs);
Bytes encodeStateInfo(const ChannelPeer& peer, const ChannelId& channel, std::uint64_t startedNs,
                      std::uint64_t nowNs);

/// What such an entry says. INVALID_ARGUMENT (BAD_PEER) when a part is missing.
struct ReportedPeer {
    std::shared_ptr<ChannelPeer> peer;
    bool hasStateInfo = false;
};
Result<ReportedPeer> readPeer(const ::discovery::Peer& message);

/// A signed request for the members of channels: SignedRequest bytes.
Result<Bytes> encodePeerQuery(const identity::SigningIdentity& signer, BytesView tlsCertHash,
                              const std::vector<ChannelId>& channels);
/// The answer, one entry per query: who is in the channel, or the error that was given.
Result<std::vector<Result<std::vector<ReportedPeer>>>> readPeerResults(BytesView response);

/// A signed proposal that asks qscc for the height of a channel: SignedProposal bytes.
Result<Bytes> encodeHeightQuery(const identity::SigningIdentity& signer, BytesView tlsCertHash,
                                const ChannelId& channel, absl::Time now);
/// The endorsed answer.
struct EndorsedHeight {
    BlockNumber height = 0;
    Bytes endorser;       ///< SerializedIdentity
    Bytes signedMessage;  ///< what it signed
    Bytes signature;
};
/// INVALID_ARGUMENT; FAILED_PRECONDITION (NOT_ENDORSED) when it was refused.
Result<EndorsedHeight> readHeight(BytesView proposalResponse);

}  // namespace chancery::node
