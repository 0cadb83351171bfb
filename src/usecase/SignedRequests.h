#pragma once

// For the sources of this folder: what clients sign.
#include <optional>

#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct SignedProposal {
    protocol::Proposal proposal;
    Bytes bytes;  ///< SignedProposal
};
Result<SignedProposal> signProposal(const TransactionContext& context, const ContractCall& call);

/// Which blocks are wanted: from `start` (the newest one without) to `stop` (without: for ever).
struct BlockRange {
    std::optional<BlockNumber> start;
    std::optional<BlockNumber> stop;
    bool failIfNotReady = false;
};
/// A signed envelope with SeekInfo.
Result<Bytes> signSeek(const TransactionContext& context, const ChannelId& channel,
                       const BlockRange& range);

/// Sends a proposal to one peer. FAILED_PRECONDITION (CONTRACT_REFUSED) when the answer is one of
/// refusal.
Result<protocol::ProposalResponse> propose(const TransactionContext& context,
                                           const interfaces::NodeAddress& peer,
                                           BytesView signedProposal, Deadline deadline,
                                           std::stop_token stop);

}  // namespace chancery::usecase
