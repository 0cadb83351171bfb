#pragma once

#include "src/base/Status.h"

namespace chancery::bench {

/// P-256 signatures that this machine's `openssl speed` verifies in a second on all processors
/// together, by the clock on the wall: the measure for chain verification. Takes six seconds.
/// UNAVAILABLE (NO_OPENSSL) without the program.
Result<double> opensslVerifiesPerSecond();

}  // namespace chancery::bench
