#pragma once

#include "src/protocol/BlockFile.h"
#include "src/usecase/IdentityNames.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/LedgerMoment.h"

namespace chancery::usecase {

/// Whether to check signatures and policies anew, which takes time, or to tell only what the block
/// says.
enum class Judging { No, Yes };

/// A transaction told in full: `sourced` is the block that meets this moment. What is not known
/// (state, configuration) is left out. Without configChanges.
TransactionDescription describeTransaction(const protocol::SourcedBlock& sourced, std::size_t index,
                                           LedgerMoment& moment, IdentityNames& names,
                                           Judging judging = Judging::Yes);

}  // namespace chancery::usecase
