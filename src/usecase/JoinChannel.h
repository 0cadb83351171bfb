#pragma once

#include <vector>

#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct JoinOrdererRequest {
    interfaces::NodeAddress participation;  ///< the orderer's address for its administrator
    interfaces::TlsIdentity admin;
    Bytes block;  ///< genesis, or the newest config block
    Deadline deadline;
};
struct JoinPeerRequest {
    interfaces::NodeAddress peer;
    Bytes block;  ///< genesis
    Deadline deadline;
    std::stop_token stop = {};
};

/// Makes nodes members of a channel.
class JoinChannel {
public:
    /// Errors of Participation::join.
    Result<interfaces::OrdererChannel> joinOrderer(interfaces::Connector& connector,
                                                   const JoinOrdererRequest& request) const;
    /// As an administrator of the peer's organisation. FAILED_PRECONDITION (CONTRACT_REFUSED).
    Status joinPeer(const TransactionContext& context, const JoinPeerRequest& request) const;
};

/// Channels of a peer or of an orderer, and their blocks.
class ReadChannel {
public:
    Result<std::vector<ChannelId>> ofPeer(const TransactionContext& context,
                                          const interfaces::NodeAddress& peer,
                                          Deadline deadline) const;
    /// One block, serialised: nothing for `number` means the newest.
    Result<Bytes> block(const TransactionContext& context, interfaces::Delivery& from,
                        const ChannelId& channel, std::optional<BlockNumber> number,
                        Deadline deadline) const;
    /// The newest config block.
    Result<Bytes> configBlock(const TransactionContext& context, interfaces::Delivery& from,
                              const ChannelId& channel, Deadline deadline) const;
};

}  // namespace chancery::usecase
