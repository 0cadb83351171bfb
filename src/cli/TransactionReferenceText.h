#pragma once

#include <string>

#include "src/usecase/DescribeLedger.h"

namespace chancery::cli {

/// "BLOCK/INDEX", else a transaction id.
usecase::TransactionReference transactionFromText(const std::string& text);

}  // namespace chancery::cli
