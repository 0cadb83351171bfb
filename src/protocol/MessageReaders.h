#pragma once

#include <map>
#include <optional>

#include "src/base/Bytes.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/Transaction.h"

namespace chancery::protocol {

class FieldReader;
class MemoryBudget;

// Readers of messages that occur inside several others; they merge into `out`.
bool readChaincodeId(FieldReader& reader, BytesView bytes, ChaincodeId& out);
bool readChaincodeResponse(FieldReader& reader, BytesView bytes, ChaincodeResponse& out);
bool readEndorsement(FieldReader& reader, BytesView bytes, Endorsement& out);

bool readTimestamp(FieldReader& reader, BytesView bytes, Timestamp& out);

/// ProposalResponsePayload.
Status readResponsePayload(BytesView bytes, BytesView& proposalHash, BytesView& action);
/// ChaincodeAction: results, eventBytes, response and chaincodeId of `out`.
Status readChaincodeAction(BytesView bytes, TransactionAction& out);

/// ChaincodeInvocationSpec. The error names the path inside.
Result<std::optional<Invocation>> decodeInvocationSpec(BytesView bytes,
                                                       MemoryBudget* budget = nullptr);

/// ChaincodeProposalPayload as views.
struct ProposalPayloadParts {
    BytesView input;
    std::map<std::string_view, BytesView> transient;
};
Result<ProposalPayloadParts> decodeProposalPayload(BytesView bytes, MemoryBudget* budget = nullptr);

/// decodeReadWriteSet within the budget of what it lies in.
Result<ReadWriteSet> decodeReadWriteSet(BytesView bytes, MemoryBudget* budget);

}  // namespace chancery::protocol
