#pragma once

#include <vector>

#include "src/cli/Printer.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::cli {

/// Transactions of different blocks, one in a line.
void printTransactions(Printer& out, const std::vector<usecase::TransactionSummary>& transactions);

}  // namespace chancery::cli
