#pragma once

#include <vector>

#include "src/cli/Printer.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::cli {

// What `ledger show` prints for a person.

/// The whole ledger told: who takes part, what was changed, which contracts there are, what was
/// refused and why.
void printOverview(Printer& out, const usecase::LedgerOverview& ledger);
/// Every refused transaction with its cause; `limit` of 0 shows all.
void printRefused(Printer& out, const std::vector<usecase::RefusedTransaction>& refused,
                  std::size_t limit);
void printBlocks(Printer& out, const std::vector<usecase::BlockSummary>& blocks);
void printBlock(Printer& out, const usecase::BlockDescription& block);
void printTransaction(Printer& out, const usecase::TransactionDescription& transaction);
void printKey(Printer& out, const usecase::KeyDescription& key, bool withHistory);

}  // namespace chancery::cli
