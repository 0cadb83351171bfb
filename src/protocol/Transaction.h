#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/Event.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/protocol/SharedBytes.h"

namespace common {
class ConfigEnvelope;
}

namespace chancery::protocol {

/// The messages that lie inside each other in a transaction, outermost first. A layer that cannot
/// be decoded hides only what lies inside it.
enum class Layer {
    Envelope,
    Payload,
    ChannelHeader,
    SignatureHeader,
    Creator,  ///< SerializedIdentity of the creator; a validator meets it as "unknown identity"
    HeaderExtension,  ///< of endorser transactions
    Config,           ///< ConfigEnvelope of CONFIG
    Transaction,
    ActionHeader,     ///< the SignatureHeader inside an action
    ActionPayload,    ///< ChaincodeActionPayload
    ProposalPayload,  ///< ChaincodeProposalPayload
    InvocationSpec,   ///< ChaincodeInvocationSpec
    ResponsePayload,  ///< ProposalResponsePayload
    ChaincodeAction,
    ReadWriteSet,
    Event,
};
std::string_view nameOf(Layer layer);

struct LayerFault {
    Layer layer;
    std::size_t action = 0;  ///< which action of the transaction; 0 outside of actions
    Status status;  ///< INVALID_ARGUMENT (MALFORMED_PROTOBUF) with path and offset inside the layer
};

struct Endorsement {
    BytesView endorser;  ///< SerializedIdentity
    BytesView signature;
};

/// A contract's answer.
struct ChaincodeResponse {
    std::int32_t status = 0;
    std::string_view message;
    BytesView payload;
};

/// What was asked: ChaincodeSpec with its input.
struct Invocation {
    std::int32_t type = 0;  ///< 1 golang, 2 node, 3 car, 4 java; peers ignore it
    std::optional<ChaincodeId> chaincodeId;
    bool hasInput = false;
    std::vector<BytesView> args;  ///< function name first, by convention
    std::map<std::string_view, BytesView> decorations;
    bool isInit = false;
};

/// One endorsed proposal. Valid transactions have exactly one.
struct TransactionAction {
    BytesView headerBytes;  ///< SignatureHeader
    SignatureHeader header;

    // ChaincodeActionPayload
    BytesView proposalPayload;  ///< ChaincodeProposalPayload without transient data; part of the
                                ///< proposal hash
    bool hasEndorsedAction = false;

    // ChaincodeProposalPayload and ChaincodeInvocationSpec
    bool hasTransient =
        false;  ///< a fault of the client: transient data must not get into the ledger
    std::optional<Invocation> invocation;

    // ChaincodeEndorsedAction
    BytesView responsePayload;  ///< ProposalResponsePayload: what the endorsers signed, with their
                                ///< own identity behind
    std::vector<Endorsement> endorsements;

    // ProposalResponsePayload
    BytesView proposalHash;
    BytesView actionBytes;  ///< ChaincodeAction

    // ChaincodeAction
    BytesView results;     ///< TxReadWriteSet
    BytesView eventBytes;  ///< ChaincodeEvent; empty when none
    std::optional<ChaincodeResponse> response;
    std::optional<ChaincodeId> chaincodeId;
    std::optional<ReadWriteSet> readWriteSet;  ///< absent when its layer or one around it is faulty
    std::optional<ChaincodeEvent> event;       ///< absent when eventBytes is empty or faulty
};

/// Of a transaction with several actions, which no peer accepts, so many are taken apart.
inline constexpr std::size_t kMaxDecodedActions = 16;

/// What a CONFIG transaction carries.
struct ConfigContent {
    std::uint64_t sequence = 0;
    bool hasConfig = false;
    std::shared_ptr<const ::common::ConfigEnvelope> message;
};

/// One envelope of a block, taken apart. Read-only views into the block's bytes, which it keeps
/// alive. Decoding never fails: what cannot be read is told in `faults`, and everything around it
/// is there. Copies share the bytes.
struct Transaction {
    SharedBytes bytes;  ///< the envelope exactly as it stands in the block

    Envelope envelope;
    Payload payload;
    ChannelHeader channelHeader;
    SignatureHeader signatureHeader;
    std::optional<SerializedIdentity> creator;

    std::optional<ChaincodeId>
        extensionChaincode;       ///< endorser transactions: the contract that was called
    std::size_t actionCount = 0;  ///< endorser transactions only; valid ones have one
    std::vector<TransactionAction> actions;  ///< the first kMaxDecodedActions of them
    std::optional<ConfigContent> config;     ///< CONFIG only

    std::vector<LayerFault> faults;  ///< in the order of decoding

    /// The first fault of a layer, or null.
    const Status* faultOf(Layer layer, std::size_t action = 0) const;
    /// True when this layer and the ones around it were decoded.
    bool reached(Layer layer, std::size_t action = 0) const;

    bool isEndorserTransaction() const {
        return channelHeader.type == HeaderType::EndorserTransaction;
    }
    bool isConfig() const { return channelHeader.type == HeaderType::Config; }

    /// From nonce and creator.
    TxId recomputedTxId() const;
    /// Under which a peer's ledger files it: the stated id, or for a transaction without one
    /// (configurations made by an orderer) the recomputed one; empty when the headers are faulty.
    TxId filedTxId() const;
    /// SHA-256 over channel header ‖ the action's signature header ‖ proposal payload; equals the
    /// stated one in good transactions.
    Bytes recomputedProposalHash(const TransactionAction& action) const;
    /// The first argument as text, if there is any.
    std::string_view function() const;
    /// Which contract is called: from the signed header, or else from the action.
    std::string_view contract() const;

    static Transaction decode(SharedBytes envelope);
};

/// What an endorser signs: ProposalResponsePayload ‖ endorser.
Bytes endorsementMessage(BytesView responsePayload, BytesView endorser);

}  // namespace chancery::protocol
