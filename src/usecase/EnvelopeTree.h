#pragma once

#include "src/usecase/BrowseLedger.h"

namespace chancery::usecase {

/// All of an envelope as it stands in the bytes, messages inside of bytes taken apart as far as
/// their types are known. Never fails: what cannot be read is a leaf of bytes. At most 100,000
/// nodes; what is beyond is left out and said.
EnvelopeNode envelopeTree(BytesView envelope);

}  // namespace chancery::usecase
