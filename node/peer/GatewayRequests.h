#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

// The gateway's requests (fact sheet B §6), taken apart without copying: what is in them is passed
// on as it came. All views lie in `bytes`. Decoders are total: INVALID_ARGUMENT
// (MALFORMED_PROTOBUF, TOO_MANY_ELEMENTS).

/// EndorseRequest and EvaluateRequest, which have the same form.
struct ProposalCall {
    protocol::SharedBytes bytes;
    std::string_view transactionId;
    std::string_view channelId;
    protocol::SharedBytes signedProposal;
    std::vector<std::string> organisations;
};
Result<ProposalCall> decodeProposalCall(protocol::SharedBytes bytes);

/// What the gateway has to know of a proposal.
struct ProposalTarget {
    BytesView proposal;  ///< the signed message
    std::string_view channel;
    std::string_view chaincode;  ///< of the invocation; the endorser takes the header's
    bool hasTransient = false;
};
/// INVALID_ARGUMENT with a sentence for the client.
Result<ProposalTarget> decodeTarget(BytesView signedProposal, std::string_view nothingThere);

struct SubmitCall {
    protocol::SharedBytes bytes;
    std::string_view transactionId;
    std::string_view channelId;
    bool hasEnvelope = false;
    protocol::SharedBytes envelope;
    BytesView signature;
};
Result<SubmitCall> decodeSubmitCall(protocol::SharedBytes bytes);

/// SignedCommitStatusRequest and SignedChaincodeEventsRequest.
struct SignedCall {
    protocol::SharedBytes bytes;
    BytesView request;
    BytesView signature;
};
Result<SignedCall> decodeSignedCall(protocol::SharedBytes bytes);

struct CommitStatusRequest {
    std::string_view transactionId;
    std::string_view channelId;
    BytesView identity;
};
Result<CommitStatusRequest> decodeCommitStatus(BytesView request);

struct ChaincodeEventsRequest {
    enum class Start { NextCommit, Specified, Newest, Oldest };
    std::string_view channelId;
    std::string_view chaincode;
    BytesView identity;
    Start start = Start::NextCommit;
    BlockNumber block = 0;  ///< with Specified
    std::string_view afterTransactionId;
};
Result<ChaincodeEventsRequest> decodeChaincodeEvents(BytesView request);

}  // namespace chancery::node
