#pragma once

#include <filesystem>
#include <limits>
#include <stop_token>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/usecase/LedgerFiles.h"

namespace chancery::usecase {

enum class ExportFormat {
    Json,    ///< one file: an array of blocks with everything decoded
    Csv,     ///< one file: a line per transaction
    Blocks,  ///< a folder: one file per block, as `peer channel fetch` writes them
};

struct ExportLedgerRequest {
    LedgerLocation location;
    ExportFormat format = ExportFormat::Json;
    std::filesystem::path out;  ///< file, or folder that is made when it is not there
    BlockNumber first = 0;
    BlockNumber last = std::numeric_limits<BlockNumber>::max();
    OnProgress progress;
    std::stop_token stop;  ///< ends with CANCELLED (STOPPED), nothing is left behind
};

struct ExportResult {
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t bytes = 0;  ///< written
    std::uint64_t files = 0;
};

/// Writes a ledger in a form for other programs. Files are created exclusively with mode 0600,
/// links are never followed; a file that could not be finished is removed. What is written is what
/// stands in the blocks, not verified.
class ExportLedger {
public:
    /// Errors of reading as they are; errors of writing carry the reason FILE_ERROR and an argument
    /// `writing`.
    Result<ExportResult> run(const ExportLedgerRequest& request) const;
};

}  // namespace chancery::usecase
