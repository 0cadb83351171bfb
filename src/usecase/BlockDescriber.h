#pragma once

#include "src/protocol/BlockFile.h"
#include "src/usecase/IdentityNames.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::usecase {

// From decoded blocks to what front ends show. Nothing here fails: what cannot be read is left
// empty.

BlockSummary summarise(const protocol::SourcedBlock& sourced);
TransactionSummary summarise(const protocol::Block& block, std::size_t index,
                             const protocol::Transaction& transaction, IdentityNames& names);
/// Without configChanges.
BlockDescription describeBlock(const protocol::SourcedBlock& sourced, IdentityNames& names);

/// The verdict that the block records for a transaction; nothing when it has none.
std::optional<RecordedCode> recordedCode(const protocol::Block& block, std::size_t index);

/// Which contract a transaction calls: from the signed header, or else from the action.
std::string_view contractOf(const protocol::Transaction& transaction);

}  // namespace chancery::usecase
