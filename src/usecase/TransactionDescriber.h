#pragma once

#include "src/usecase/IdentityNames.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/LedgerReplay.h"

namespace chancery::usecase {

/// A transaction told in full: `sourced` is the block that replay.next() gave, before commit().
/// What the replay does not know (state, configuration) is left out. Without configChanges.
TransactionDescription describeTransaction(const protocol::SourcedBlock& sourced, std::size_t index,
                                           LedgerReplay& replay, IdentityNames& names);

}  // namespace chancery::usecase
