#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "src/base/Bytes.h"
#include "src/index/Checkpoint.h"
#include "src/verify/Report.h"

namespace chancery::index {

// Values that no question looks into, as bytes of one column. Reading is total: bytes that were
// not written here give nothing.

Bytes encode(const verify::Cause& cause);  ///< without the explanation of an unmet policy
std::optional<verify::Cause> decodeCause(BytesView bytes);

Bytes encode(const verify::Finding& finding);
std::optional<verify::Finding> decodeFinding(BytesView bytes);

Bytes encode(const Checkpoint& checkpoint);
std::optional<Checkpoint> decodeCheckpoint(BytesView bytes);

/// Endorsers: ids of identities in rising order.
Bytes encode(const std::vector<std::int64_t>& ids);
std::vector<std::int64_t> decodeIds(BytesView bytes);

}  // namespace chancery::index
