#pragma once

#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::protocol {

/// What a contract announces with a transaction. A view into the decoded bytes.
struct ChaincodeEvent {
    std::string_view chaincodeId;
    std::string_view txId;
    std::string_view name;
    BytesView payload;
};

/// INVALID_ARGUMENT (MALFORMED_PROTOBUF). Empty bytes give an event with empty fields: no event was
/// set.
Result<ChaincodeEvent> decodeChaincodeEvent(BytesView bytes);
template <Temporary T>
Result<ChaincodeEvent> decodeChaincodeEvent(T&&) = delete;
Bytes encodeChaincodeEvent(const ChaincodeEvent& event);

}  // namespace chancery::protocol
