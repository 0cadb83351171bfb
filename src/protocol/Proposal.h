#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/SharedBytes.h"
#include "src/protocol/Transaction.h"

namespace chancery::protocol {

/// What a client wants a contract to do.
struct ProposalRequest {
    ChannelId channel;  ///< empty for calls of a peer's system contracts without a channel
    std::string chaincode;
    std::vector<Bytes> args;
    std::map<std::string, Bytes> transient;  ///< seen by the endorsers only, never in the ledger
    bool isInit = false;
    HeaderType type = HeaderType::EndorserTransaction;  ///< CONFIG for joining a channel
    std::int32_t chaincodeType = 1;  ///< golang, as the command-line client writes
    Bytes tlsCertHash;  ///< SHA-256 of the client's TLS certificate (DER), mutual TLS only
};

/// A proposal's bytes and the parts of them that are needed again.
struct Proposal {
    Bytes bytes;  ///< Proposal message: what the client signs
    TxId txId;
    Bytes channelHeader;
    Bytes signatureHeader;
    Bytes payload;  ///< ChaincodeProposalPayload with transient data
};

/// `nonce` should be 24 random bytes; INVALID_ARGUMENT when nonce, creator or chaincode name is
/// empty.
Result<Proposal> buildProposal(const ProposalRequest& request, BytesView creator, BytesView nonce,
                               absl::Time timestamp);
/// SignedProposal{bytes, signature}.
Bytes encodeSignedProposal(BytesView proposal, BytesView signature);

/// A signed proposal taken apart and checked as far as that needs no identities. Views into
/// `bytes`.
struct UnpackedProposal {
    SharedBytes bytes;
    BytesView proposal;  ///< the signed message
    BytesView signature;
    BytesView channelHeaderBytes;
    BytesView signatureHeaderBytes;
    ChannelHeader channelHeader;
    SignatureHeader signatureHeader;
    std::string_view chaincode;  ///< the contract to run: the name in the header extension
    Invocation invocation;
    BytesView payload;  ///< ChaincodeProposalPayload with transient data
    std::map<std::string, Bytes> transient;
    Bytes payloadWithoutTransient;  ///< as it goes into the proposal hash and the transaction
    Bytes proposalHash;
};

/// Fabric's checks in Fabric's order (fact sheet B §1.2), up to those that need identities.
/// INVALID_ARGUMENT with reasons MALFORMED_PROTOBUF, MISSING_FIELD, BAD_HEADER_TYPE, BAD_EPOCH,
/// BAD_TXID; `path` says where.
Result<UnpackedProposal> unpackProposal(SharedBytes signedProposal);

/// The payload written anew with its input only. MALFORMED_PROTOBUF.
Result<Bytes> withoutTransient(BytesView chaincodeProposalPayload);

/// SHA-256 over channel header ‖ signature header ‖ payload; `payloadWithoutTransient` as
/// withoutTransient gives it.
Bytes computeProposalHash(BytesView channelHeader, BytesView signatureHeader,
                          BytesView payloadWithoutTransient);

}  // namespace chancery::protocol
