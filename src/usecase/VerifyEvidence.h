#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/VerifyLedger.h"

namespace chancery::usecase {

/// A transaction that a pack claims something about, as the pack's blocks show it.
struct EvidenceTransaction {
    TransactionSummary summary;
    bool creatorGood = false;          ///< the creator's signature and certificate
    std::size_t endorsementsGood = 0;  ///< signatures of endorsers that count
    std::vector<PolicyVerdict> policies;
    /// What the signatures and policies say of the recorded verdict; a sentence.
    Sentence verdict;
    bool agrees = false;  ///< nothing in the pack speaks against the recorded verdict
};

struct EvidenceReport {
    std::string channel;
    std::string language;
    std::string madeBy;  ///< tool and version, as the pack says
    std::string madeAt;  ///< as the pack says
    Bytes genesisHash;   ///< header hash of block 0: to be compared with a trusted source
    std::uint64_t files = 0;
    std::uint64_t blocks = 0;
    std::uint64_t configBlocks = 0;
    std::uint64_t ordererSignatures = 0;
    std::uint64_t creatorSignatures = 0;
    std::uint64_t endorsements = 0;
    std::vector<EvidenceTransaction> transactions;
    std::vector<std::string> proved;
    std::vector<std::string> notProved;
    std::vector<LedgerFinding> findings;  ///< `file` is the name in the pack

    std::size_t count(LedgerFinding::Severity severity) const;
    bool good() const { return count(LedgerFinding::Severity::Error) == 0; }
};

/// Whether a folder claims to be an evidence pack.
bool isEvidenceFolder(const std::filesystem::path& path);

/// Checks an evidence pack without its ledger: the hash of every file, that there are no others,
/// the chain of configurations from block 0 on, orderers' signatures on every block, signatures of
/// creators and endorsers, policies by the definitions in the pack, and that every claim is what
/// the blocks say.
class VerifyEvidence {
public:
    /// An error only when there is no readable evidence.json (NO_EVIDENCE) or at a stop; all else
    /// stands in the report.
    Result<EvidenceReport> run(const std::filesystem::path& folder,
                               std::stop_token stop = {}) const;
};

}  // namespace chancery::usecase
