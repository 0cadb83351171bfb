#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/LedgerFiles.h"

namespace chancery::usecase {

/// A transaction by its id, or by block and position.
using TransactionReference = std::variant<TxId, WrittenAt>;

struct KeyReference {
    std::string contract;
    std::string collection;  ///< private data; then the key is in clear and looked for by its hash
    Bytes key;
};

/// Reads a ledger for a person. Every question goes through the files once. The verdicts that the
/// blocks record are believed; to check them is the task of VerifyLedger. Blocks, transactions and
/// keys that are not there are NOT_FOUND: NO_SUCH_BLOCK, NO_SUCH_TRANSACTION; damage before the
/// place that was asked for is the source's error.
class DescribeLedger {
public:
    explicit DescribeLedger(LedgerLocation location, OnProgress progress = {})
        : m_location(std::move(location)), m_progress(std::move(progress)) {}

    /// The whole ledger. Damage ends it early and is told in the overview; an error only when
    /// nothing could be read.
    Result<LedgerOverview> overview() const;
    /// Blocks `first` to `last`, those that exist.
    Result<std::vector<BlockSummary>> blocks(BlockNumber first, BlockNumber last) const;
    Result<BlockDescription> block(BlockNumber number) const;
    Result<TransactionDescription> transaction(const TransactionReference& reference) const;
    /// The key after block `at` (without it: at the end), and how it came about.
    Result<KeyDescription> key(const KeyReference& reference, std::optional<BlockNumber> at) const;

private:
    LedgerLocation m_location;
    OnProgress m_progress;
};

}  // namespace chancery::usecase
