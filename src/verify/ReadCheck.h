#pragma once

#include <optional>

#include "src/base/Status.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/protocol/ValidationCode.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/State.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

/// Whether everything that a transaction read is still as it was (fact sheet B §3.4): against the
/// state and what earlier transactions of the block changed. `code` is Valid, MvccReadConflict or
/// PhantomReadConflict; the first difference decides.
struct ReadVerdict {
    protocol::ValidationCode code = protocol::ValidationCode::Valid;
    std::optional<Cause> cause;
    std::optional<Hazard> hazard;
};
/// The error is the store's.
Result<ReadVerdict> checkReads(const protocol::ReadWriteSet& set, const PendingUpdates& pending,
                               const StateReader& state);

}  // namespace chancery::verify
