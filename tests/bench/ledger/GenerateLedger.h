#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::bench {

struct GenerateLedgerRequest {
    std::filesystem::path folder;  ///< made when it is missing; gets blockfile_000000 …
    std::size_t blocks = 20'000;
    std::size_t transactions = 1'000'000;  ///< calls of contracts, besides definitions
    std::size_t organisations = 3;
    std::size_t accounts = 20'000;  ///< fewer in ledgers that have no room for them
    std::uint64_t seed = 1;
    std::size_t threads = 0;  ///< 0: all of the machine
    std::function<void(std::uint64_t transactions)> progress;
};

/// What was generated, by the generator's own book-keeping.
struct GeneratedLedger {
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;  ///< all of them, configurations and definitions too
    std::map<protocol::ValidationCode, std::uint64_t> codes;
    std::uint64_t endorsements = 0;
    Bytes lastBlockHash;
    Bytes lastCommitHash;
};

/// Writes the raw block files that a peer of a busy settlement channel would have: a genesis block,
/// two contracts with approvals and definitions, a change of configuration on the way, and calls
/// with real signatures of clients, endorsers and orderer, judged and chained by commit hashes. The
/// same for the same seed but for signatures and what is computed from them. INVALID_ARGUMENT
/// (TOO_FEW_BLOCKS), ALREADY_EXISTS.
Result<GeneratedLedger> generateLedger(const GenerateLedgerRequest& request);

/// Blocks that are needed before the first call: genesis, approvals and definitions.
std::size_t blocksBeforeBusiness(std::size_t organisations);

}  // namespace chancery::bench
