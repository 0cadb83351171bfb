#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Sentence.h"
#include "src/base/Status.h"
#include "src/usecase/LedgerFiles.h"

namespace chancery::usecase {

struct VerifyLedgerRequest {
    /// Block files, raw ledger files, folders of either; or one snapshot folder alone.
    std::vector<std::filesystem::path> paths;
    /// The state to start from: a snapshot of the block before the first one.
    std::optional<std::filesystem::path> snapshot;
    /// A file with a config block that is trusted, for chains that begin in the middle.
    std::optional<std::filesystem::path> anchor;
    bool coverage = false;    ///< also find out what covers which bytes
    std::size_t threads = 0;  ///< 0: all of the machine
    std::stop_token stop;
    OnProgress progress;  ///< called on the calling thread
};

struct LedgerFinding {
    enum class Severity { Note, Warning, Error };
    Severity severity = Severity::Error;
    std::string reason;        ///< stable: "DATA_HASH_DIFFERS"
    std::string sentence;      ///< what
    ErrorArguments arguments;  ///< of the sentence, as Sentence has them
    std::optional<BlockNumber> block;
    std::optional<std::size_t> transaction;
    std::string txId;
    std::string file;
    std::optional<std::pair<std::uint64_t, std::uint64_t>>
        bytes;       ///< first and first behind, in the file
    Sentence cause;  ///< of a verdict that differs from the recorded one
};

/// Bytes of the ledger by what would notice a change of them.
struct CoverageRow {
    std::string by;  ///< stable: "HEADER_HASH" …, "NOTHING"
    std::uint64_t bytes = 0;
    std::uint64_t spans = 0;
    /// Of what nothing covers: reason and bytes.
    std::map<std::string, std::uint64_t> whyNot;
};

/// A snapshot that was checked.
struct SnapshotSummary {
    std::string channel;
    BlockNumber lastBlock = 0;
    Bytes lastBlockHash;
    std::string database;
    std::map<std::string, std::uint64_t> files;  ///< name and size
    std::uint64_t publicKeys = 0;
    std::uint64_t privateHashes = 0;
    std::uint64_t transactionIds = 0;
    std::uint64_t configSequence = 0;
};

struct VerificationReport {
    std::string channel;
    std::optional<BlockNumber> firstBlock;
    std::optional<BlockNumber> lastBlock;
    std::optional<BlockNumber> verifiedTo;
    bool stopped = false;

    // From which block on what was checked; absent: never.
    std::optional<BlockNumber> signaturesFrom;  ///< of orderers, senders and endorsers
    std::optional<BlockNumber> codesFrom;       ///< the peers' verdicts were computed again
    std::optional<BlockNumber> codesTo;  ///< the last such block, when it is not the last one
    std::optional<BlockNumber>
        commitHashesFrom;  ///< the fingerprint of the state was computed again
    Sentence trusted;      ///< what was taken without proof

    std::uint64_t blocks = 0;
    std::uint64_t configBlocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t bytes = 0;
    std::uint64_t ordererSignatures = 0;
    std::uint64_t creatorSignatures = 0;
    std::uint64_t endorsements = 0;
    std::map<int, std::pair<std::string, std::uint64_t>> codes;  ///< number → name, transactions
    bool recordedCodes = true;  ///< the blocks record verdicts; an orderer's blocks do not
    std::uint64_t findingsLeftOut = 0;
    std::vector<LedgerFinding> findings;

    Bytes lastBlockHash;
    Bytes lastCommitHash;
    std::optional<BlockNumber> configBlock;
    std::uint64_t configSequence = 0;
    absl::Duration elapsed;
    std::size_t threads = 0;
    std::vector<CoverageRow> coverage;        ///< when asked for, in a fixed order
    std::optional<SnapshotSummary> snapshot;  ///< when a snapshot was the start or the whole

    std::size_t count(LedgerFinding::Severity severity) const;
    bool good() const { return count(LedgerFinding::Severity::Error) == 0 && !stopped; }
};

/// Checks a chain of blocks without any node.
class VerifyLedger {
public:
    /// An error only when nothing could be read; all else stands in the report. Blocks until done
    /// or stopped.
    Result<VerificationReport> run(const VerifyLedgerRequest& request) const;
};

}  // namespace chancery::usecase
