#pragma once

#include <functional>
#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/SharedBytes.h"
#include "src/protocol/Transaction.h"

namespace chancery::protocol {

/// Signs a message with some identity's key; the caller knows whose.
using Signer = std::function<Result<Bytes>(BytesView message)>;

/// What an endorser found when it ran a proposal.
struct SimulationResult {
    Bytes proposalHash;
    Bytes results;  ///< TxReadWriteSet bytes
    Bytes event;    ///< ChaincodeEvent bytes or empty
    std::int32_t responseStatus = 200;
    std::string responseMessage;
    Bytes responsePayload;
    std::string chaincode;
    std::string chaincodeVersion;  ///< of the committed definition; "syscc" for system contracts
};

/// ProposalResponsePayload bytes: the same on every endorser that agrees.
Bytes encodeResponsePayload(const SimulationResult& result);

/// ProposalResponse with an endorsement over `responsePayload` ‖ `endorser`. The error is the
/// signer's.
Result<Bytes> endorse(const SimulationResult& result, BytesView endorser, const Signer& signer);

/// ProposalResponse without endorsement. `responsePayload` (encodeResponsePayload) goes along when
/// the contract itself answered with a status of 500 or more; a peer that refuses leaves it empty.
Bytes encodeRefusal(std::int32_t status, std::string_view message, BytesView responsePayload = {});

/// A ProposalResponse taken apart. Views into `bytes`.
struct ProposalResponse {
    SharedBytes bytes;
    std::int32_t version = 0;
    std::optional<Timestamp> timestamp;
    std::optional<ChaincodeResponse> response;
    BytesView payload;  ///< ProposalResponsePayload
    std::optional<Endorsement> endorsement;
    BytesView interest;  ///< ChaincodeInterest

    // from the payload; empty when there is none
    BytesView proposalHash;
    std::optional<ChaincodeId> chaincodeId;
    std::optional<ChaincodeResponse> actionResponse;
};

/// INVALID_ARGUMENT (MALFORMED_PROTOBUF).
Result<ProposalResponse> decodeProposalResponse(SharedBytes bytes);

}  // namespace chancery::protocol
