#pragma once

#include "node/chaincode/Execution.h"
#include "src/base/Status.h"

namespace chancery::node {

/// Whether a message of this type is a request that a running transaction may make.
bool isRequest(::protos::ChaincodeMessage::Type type);
/// Requests that may take long: not for the thread that reads the stream.
bool isSlow(const ::protos::ChaincodeMessage& request);

/// Answers a request of the running transaction: the payload of the RESPONSE. An error is for the
/// contract, in Fabric's words; the transaction goes on (fact sheet B §5). Not for
/// INVOKE_CHAINCODE.
Result<Bytes> answerRequest(Execution& execution, const ::protos::ChaincodeMessage& request);

}  // namespace chancery::node
