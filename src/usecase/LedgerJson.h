#pragma once

#include <vector>

#include "src/usecase/Json.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::usecase {

// The JSON forms of what a ledger holds, for `ledger show`, exports and everything else. Hashes are
// hex, times RFC 3339 in UTC, values text where they are UTF-8 and {"hex": …} where not.

Json toJson(const IdentityName& identity);
Json toJson(const std::vector<ConfigChange>& changes);
Json toJson(const PolicyExplanation& explanation);
Json toJson(const PolicyVerdict& verdict);
Json toJson(const BlockSummary& block);
Json toJson(const TransactionSummary& transaction);
Json toJson(const BlockDescription& block);
Json toJson(const TransactionDescription& transaction);
Json toJson(const KeyDescription& key);
Json toJson(const LedgerOverview& ledger);
Json toJson(const std::vector<RefusedTransaction>& refused);

}  // namespace chancery::usecase
