#pragma once

#include <optional>
#include <vector>

#include "src/index/View.h"
#include "src/usecase/BrowseLedger.h"

namespace chancery::usecase {

// The questions of BrowseLedger for which blocks are read.

Result<BlockDescription> blockAnswer(const index::View& view, BlockNumber number);
Result<TransactionDescription> transactionAnswer(const index::View& view,
                                                 const TransactionReference& reference);
/// The envelope's bytes.
Result<Bytes> envelopeAt(const index::View& view, const WrittenAt& place);
Result<KeyDescription> keyAnswer(const index::View& view, const KeyReference& reference,
                                 std::optional<BlockNumber> at, std::size_t limit);
Result<std::vector<KeyDescription>> stateAnswer(const index::View& view, const KeyReference& prefix,
                                                std::optional<BlockNumber> at, std::size_t limit);
/// `damage` is where reading ended, and why.
Result<LedgerOverview> overviewAnswer(const index::View& view, std::string damage);

}  // namespace chancery::usecase
