#pragma once

#include "absl/time/time.h"

namespace chancery {

/// Seam for the wall clock. Ledger validation never takes one: it works on times that stand in the
/// data.
class Clock {
public:
    virtual ~Clock() = default;
    virtual absl::Time now() const = 0;

    /// The machine's clock. Thread-safe.
    static const Clock& system();
};

}  // namespace chancery
