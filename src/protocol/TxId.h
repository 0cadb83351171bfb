#pragma once

#include "src/base/Bytes.h"
#include "src/base/Ids.h"

namespace chancery::protocol {

/// Lower-case hex of SHA-256 over nonce ‖ creator, with the creator bytes exactly as they stand in
/// the header.
TxId computeTxId(BytesView nonce, BytesView creator);

}  // namespace chancery::protocol
