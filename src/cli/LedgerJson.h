#pragma once

#include "src/cli/Json.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::cli {

// The JSON forms of `ledger show` and `ledger export`. Hashes are hex, times RFC 3339 in UTC,
// values text where they are UTF-8 and {"hex": …} where not.

Json toJson(const usecase::IdentityName& identity);
Json toJson(const usecase::BlockSummary& block);
Json toJson(const usecase::TransactionSummary& transaction);
Json toJson(const usecase::BlockDescription& block);
Json toJson(const usecase::TransactionDescription& transaction);
Json toJson(const usecase::KeyDescription& key);
Json toJson(const usecase::LedgerOverview& ledger);
Json toJson(const std::vector<usecase::RefusedTransaction>& refused);

}  // namespace chancery::cli
