#pragma once

#include <span>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/ProposalResponse.h"

namespace chancery::protocol {

/// Makes a transaction of a proposal and its endorsements (fact sheet B §1.4) and gives the Payload
/// bytes, which the creator of the proposal signs. `proposal` is the Proposal message. Endorsements
/// of one endorser count once. Refusals: INVALID_ARGUMENT: NO_RESPONSES, MALFORMED_PROTOBUF,
/// PROPOSAL_HASH_MISMATCH; FAILED_PRECONDITION: PROPOSAL_REFUSED (a response outside 200…399),
/// NOT_ENDORSED; ABORTED (RESULTS_DIFFER) with the two endorsers.
Result<Bytes> assembleTransaction(BytesView proposal, std::span<const ProposalResponse> responses);

/// The same, signed: Envelope bytes. `signer` must belong to `creator`; INVALID_ARGUMENT
/// (WRONG_SIGNER) when it is not the proposal's.
Result<Bytes> assembleSignedTransaction(BytesView proposal,
                                        std::span<const ProposalResponse> responses,
                                        BytesView creator, const Signer& signer);

}  // namespace chancery::protocol
