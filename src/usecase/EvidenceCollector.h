#pragma once

#include <map>
#include <set>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/ExportEvidence.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::usecase {

/// What an evidence pack takes from a ledger.
struct CollectedEvidence {
    std::set<WrittenAt> claimed;
    std::map<BlockNumber, Bytes> blocks;         ///< serialised
    std::vector<TransactionDescription> ledger;  ///< of the claimed ones, in their order
};

/// Reads the ledger as far as it is needed: once with its state, to find the transactions, what
/// they met and which blocks that came from; then once more for those blocks. Errors as
/// ExportEvidence::run.
Result<CollectedEvidence> collectEvidence(const ExportEvidenceRequest& request);

}  // namespace chancery::usecase
