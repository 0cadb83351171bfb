#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "src/index/View.h"
#include "src/usecase/BrowseLedger.h"

namespace chancery::usecase {

// The questions of BrowseLedger that are answered by rows of the index alone.

BlockRow describe(const index::BlockRecord& record);
TransactionSummary describe(const index::TransactionRecord& record);

Result<BlockPage> blockPage(const index::View& view, const LedgerQuery& query, std::uint64_t first,
                            std::size_t count);
Result<std::optional<std::uint64_t>> rowOfBlock(const index::View& view, const LedgerQuery& query,
                                                BlockNumber block);
Result<TransactionPage> transactionPage(const index::View& view, const LedgerQuery& query,
                                        std::uint64_t first, std::size_t count);
Result<std::vector<std::size_t>> fruitless(const index::View& view, const LedgerQuery& query);
Result<std::vector<HistogramBucket>> bucketsOf(const index::View& view, const LedgerQuery& query,
                                               std::size_t buckets);
Result<std::vector<LedgerCompletion>> completions(const index::View& view, std::string_view text,
                                                  std::size_t cursor, std::size_t limit);

}  // namespace chancery::usecase
