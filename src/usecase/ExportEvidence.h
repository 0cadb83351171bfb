#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
#include "src/usecase/DescribeLedger.h"
#include "src/usecase/LedgerFiles.h"

namespace chancery::usecase {

class BrowseLedger;

/// Most transactions of one evidence pack.
inline constexpr std::size_t kMaxEvidenceTransactions = 10'000;

enum class EvidenceLanguage { English, Chinese };

/// Says a sentence in the reader's language; what it does not know it gives in English.
using SayInLanguage = std::function<std::string(const Sentence&)>;

/// A file that is laid into the pack beside its own: "report.pdf".
struct EvidenceExtraFile {
    std::string name;  ///< letters, digits, ".", "_" and "-"; no folder
    Bytes content;
};

struct ExportEvidenceRequest {
    /// Where the ledger is. Read from its beginning to the last block that is claimed, once or
    /// twice.
    LedgerLocation location;
    /// What the pack is about: single transactions, and all transactions of a range of blocks
    /// (first and last). Together at most kMaxEvidenceTransactions.
    std::vector<TransactionReference> transactions;
    std::optional<std::pair<BlockNumber, BlockNumber>> blocks;

    std::filesystem::path folder;  ///< made here with mode 0700; must not be there yet
    EvidenceLanguage language = EvidenceLanguage::English;
    /// Of what stands in report.html beside its fixed words: causes, policies, changes of the
    /// configuration. Without it they stay English.
    SayInLanguage say = {};
    std::string toolVersion;
    absl::Time now;
    /// Called once on the calling thread with the text of report.html; its error ends the export.
    std::function<Result<std::vector<EvidenceExtraFile>>(const std::string& html)> extraFiles;
    std::stop_token stop;  ///< ends with CANCELLED (STOPPED), nothing is left behind
    OnProgress progress;
};

struct EvidenceFile {
    std::string name;  ///< in the pack, with "/"
    std::uint64_t size = 0;
    Bytes sha256;
};

struct ExportEvidenceResult {
    std::string channel;
    std::vector<EvidenceFile> files;
    std::size_t transactions = 0;
    std::size_t blocks = 0;                ///< files with blocks
    std::vector<std::string> proved;       ///< what the pack shows by itself, a sentence each
    std::vector<std::string> notProved;    ///< what it cannot show, and why
    std::vector<std::string> differences;  ///< verdicts of peers that the pack contradicts; "" when
                                           ///< all is well there are none
};

/// Writes an evidence pack: a folder that lets somebody without any access to the network check
/// what one or several transactions did and who signed them.
///
///   evidence.json   what is claimed, from the blocks alone; what the ledger said beyond that; the
///                   SHA-256 of every other file but SHA256SUMS
///   SHA256SUMS      of every file, in the form of the program of that name
///   report.html     the same for people, with a page "How to check by hand"
///   blocks/         block_N.pb: the blocks of the transactions, every configuration block before
///                   them from block 0 on, and those that hold the contract definitions and keys'
///                   policies in force
///   certificates/   PEM of everybody who signed and of the CAs above
///   signed/         what each creator, endorser and orderer signed, and the signature, for openssl
///
/// Names of files never come from the ledger. Files are created exclusively with mode 0600, and are
/// removed again when the pack cannot be finished.
class ExportEvidence {
public:
    /// INVALID_ARGUMENT: NOTHING_ASKED, BAD_FILE_NAME, TOO_MANY_TRANSACTIONS; NOT_FOUND:
    /// NO_SUCH_TRANSACTION, NO_SUCH_BLOCK; FAILED_PRECONDITION: NO_GENESIS (the ledger does not
    /// begin with block 0, from which all trust comes), FILE_ERROR; errors of reading as they are.
    Result<ExportEvidenceResult> run(const ExportEvidenceRequest& request) const;
};

}  // namespace chancery::usecase
