#pragma once

#include "node/ca/CaKeys.h"

namespace chancery::node {

/// Asks the parent CA of the options for a CA certificate for this key. UNAVAILABLE and the like
/// when it cannot be reached; PERMISSION_DENIED (PARENT_REFUSED) with what it says; DATA_LOSS
/// (BAD_PARENT_ANSWER) when what it gives is not a certificate for this key with its chain.
Result<CaKeys> enrolAtParent(const CaOptions& options, crypto::SignerPtr key);

}  // namespace chancery::node
