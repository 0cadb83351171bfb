#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Sentence.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"
#include "src/usecase/DescribeLedger.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/LedgerQuery.h"
#include "src/usecase/VerifyLedger.h"

namespace chancery::index {
class BlockFeed;
}

namespace chancery::usecase {

struct OpenLedgerRequest {
    LedgerLocation location;
    /// Folder in which indexes live; made with 0700 when missing. The index of one ledger is found
    /// again by its channel, its first block and its files, and goes on where it ended.
    std::filesystem::path indexes;
    std::optional<std::filesystem::path> anchor;  ///< as VerifyLedgerRequest::anchor
    std::size_t threads = 0;                      ///< for verification; 0: all of the machine
};

/// How a ledger stands at this moment. Cheap to ask for, from any thread.
struct LedgerStatus {
    enum class Phase { NotStarted, Reading, Paused, Done, Failed };
    Phase phase = Phase::NotStarted;
    std::string channel;  ///< empty until the first block was read
    std::optional<BlockNumber> firstBlock;
    std::optional<BlockNumber> lastBlock;   ///< newest that can be browsed
    std::optional<BlockNumber> verifiedTo;  ///< last block before the first error
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t invalid = 0;  ///< of the transactions
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    std::uint64_t errors = 0;                 ///< findings of that severity
    std::optional<LedgerFinding> firstError;  ///< red badge: says which block
    std::vector<LedgerFinding> findings;      ///< at most 1,000
    Sentence trusted;                         ///< what was taken without proof
    absl::Duration elapsed;                   ///< of verification, all runs together
    Status failure;                           ///< Phase::Failed: why reading ended
    std::uint64_t revision = 0;               ///< grows whenever there is more to show
};

/// A block as a row of the list.
struct BlockRow : BlockSummary {
    enum class Check { Good, Bad, Unchecked };
    std::uint64_t invalid = 0;  ///< as recorded; where nothing is, as verification found
    Check check = Check::Unchecked;
};

struct BlockPage {
    std::vector<BlockRow> rows;
    std::uint64_t total = 0;  ///< of all pages of this query
};

struct TransactionPage {
    std::vector<TransactionSummary> rows;
    std::uint64_t total = 0;
};

/// Blocks of one slice of time (or of block numbers where no times are known).
struct HistogramBucket {
    absl::Time begin;
    BlockNumber firstBlock = 0;
    BlockNumber lastBlock = 0;
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t invalid = 0;
};

/// A part of an envelope as a tree, for those who want to see everything.
struct EnvelopeNode {
    std::string name;         ///< of the field
    std::string type;         ///< message or scalar type
    std::string value;        ///< leaf: text form, bytes as hex, at most 4 KiB of it
    std::uint64_t begin = 0;  ///< bytes in the envelope
    std::uint64_t end = 0;
    std::vector<EnvelopeNode> parts;
};

/// A ledger that is read once, verified, and kept in an index of its own, so that questions are
/// answered at once. sync() runs on one thread; everything else may be called from any thread
/// meanwhile, blocks for as long as the database needs, and sees a block wholly or not at all.
/// Verdicts that the blocks record are shown as recorded; where verification found another one,
/// TransactionDescription::computedCode says so.
class BrowseLedger {
public:
    /// Errors as openLedger; INDEX_DAMAGED is mended by building it anew, and is no error.
    static Result<std::unique_ptr<BrowseLedger>> open(const OpenLedgerRequest& request);
    ~BrowseLedger();

    /// Reads, verifies and indexes what is new; goes on where an earlier run ended. Returns when
    /// the end is reached, or soon after a stop was asked for (then the phase is Paused). An error
    /// is kept in the status too.
    Status sync(std::stop_token stop);
    /// In place of sync(): see index::LedgerIndex::follow. The location is a folder of our own.
    Status follow(index::BlockFeed& feed, std::stop_token stop);
    /// Forgets what was verified; the next sync() reads everything again.
    Status startAgain();

    LedgerStatus status() const;
    /// `changed` is called from the thread of sync(), at most 20 times per second, after
    /// status().revision grew.
    [[nodiscard]] Subscription onChanged(std::function<void()> changed);

    /// Blocks that match, or that hold a transaction that matches; newest first. Row `first` and
    /// `count` (at most 1,000) behind it.
    Result<BlockPage> blocks(const LedgerQuery& query, std::uint64_t first, std::size_t count,
                             std::stop_token stop = {}) const;
    /// Row of a block in that list; nothing when it does not match.
    Result<std::optional<std::uint64_t>> rowOf(const LedgerQuery& query, BlockNumber block) const;
    /// Transactions that match, newest first.
    Result<TransactionPage> transactions(const LedgerQuery& query, std::uint64_t first,
                                         std::size_t count, std::stop_token stop = {}) const;
    /// For "no hits": the indexes of terms that alone match nothing.
    Result<std::vector<std::size_t>> fruitlessTerms(const LedgerQuery& query) const;
    /// Values that begin as the term under the cursor does: keys, contracts, functions, creators …
    Result<std::vector<LedgerCompletion>> complete(std::string_view text, std::size_t cursor,
                                                   std::size_t limit) const;
    Result<std::vector<HistogramBucket>> histogram(const LedgerQuery& query,
                                                   std::size_t buckets) const;

    Result<BlockDescription> block(BlockNumber number) const;
    /// The block whose header has this hash, if there is one. Looks through all blocks.
    Result<std::optional<BlockNumber>> blockWithHash(BytesView hash, std::stop_token stop) const;
    Result<TransactionDescription> transaction(const TransactionReference& reference) const;
    Result<EnvelopeNode> envelope(const WrittenAt& place) const;
    /// As it stands in the ledger: the block, or one envelope of it.
    Result<Bytes> rawBlock(BlockNumber number) const;
    Result<Bytes> rawTransaction(const WrittenAt& place) const;
    /// With its history, newest first, at most `limit` versions.
    Result<KeyDescription> key(const KeyReference& reference, std::optional<BlockNumber> at,
                               std::size_t limit) const;
    /// Keys of a contract that begin with a prefix, in byte order, as they are after block `at`.
    Result<std::vector<KeyDescription>> state(const KeyReference& prefix,
                                              std::optional<BlockNumber> at,
                                              std::size_t limit) const;

    /// The newest configuration, and the ones before; as DescribeLedger::overview, from the index.
    Result<LedgerOverview> overview() const;

private:
    struct Impl;
    explicit BrowseLedger(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Two sources of one channel, compared at a height.
struct LedgerComparisonResult {
    std::string channel;
    BlockNumber height = 0;                     ///< last block that both have
    std::optional<BlockNumber> firstDifferent;  ///< absent: equal up to `height`
    Bytes leftHash, rightHash;  ///< of the headers at firstDifferent, else at height
    Bytes leftCommitHash, rightCommitHash;
    /// Up to `height`: the first block of either ledger whose content is not what its hash says.
    /// Equal hashes prove nothing then.
    std::optional<BlockNumber> damaged;
    Sentence sentence;
};

/// Compares header and commit hashes of two ledgers. CHANNELS_DIFFER when they are not of one
/// channel.
Result<LedgerComparisonResult> compareLedgers(const BrowseLedger& left, const BrowseLedger& right,
                                              std::optional<BlockNumber> at);

}  // namespace chancery::usecase
