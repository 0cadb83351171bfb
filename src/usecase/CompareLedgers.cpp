#include "src/base/Encoding.h"
#include "src/usecase/BrowseLedger.h"

namespace chancery::usecase {
namespace {

/// Hashes of one block in both ledgers.
struct Pair {
    Bytes leftHash, rightHash, leftCommit, rightCommit;
    bool sameHeader() const { return leftHash == rightHash; }
    /// An orderer's blocks have no commit hash; nothing can be said then.
    bool sameCommit() const {
        return leftCommit.empty() || rightCommit.empty() || leftCommit == rightCommit;
    }
    bool same() const { return sameHeader() && sameCommit(); }
};

Result<Pair> pairAt(const BrowseLedger& left, const BrowseLedger& right, BlockNumber number) {
    ASSIGN_OR_RETURN(BlockDescription a, left.block(number));
    ASSIGN_OR_RETURN(BlockDescription b, right.block(number));
    return Pair{std::move(a.summary.hash), std::move(b.summary.hash), std::move(a.commitHash),
                std::move(b.commitHash)};
}

/// The first block whose content is not what the hash of its header, or of the next one, says.
std::optional<BlockNumber> damagedIn(const LedgerStatus& status, BlockNumber height) {
    std::optional<BlockNumber> first;
    const auto look = [&](const LedgerFinding& finding) {
        const bool hashes = finding.reason == "DATA_HASH_DIFFERS" ||
                            finding.reason == "PREVIOUS_HASH_DIFFERS" ||
                            finding.reason == "NUMBER_DIFFERS";
        if (hashes && finding.block && *finding.block <= height)
            first = std::min(first.value_or(height), *finding.block);
    };
    if (status.firstError) look(*status.firstError);
    for (const LedgerFinding& finding : status.findings) look(finding);
    return first;
}

void tell(LedgerComparisonResult& result, const Pair& pair) {
    if (!result.firstDifferent && result.damaged) {
        result.sentence = say("LEDGERS_SAME_DAMAGED",
                              "The hashes are the same up to block {block}, but in one of the "
                              "ledgers the content of block {damaged} does not match its hash.",
                              {{"block", std::to_string(result.height)},
                               {"damaged", std::to_string(*result.damaged)}});
        return;
    }
    if (!result.firstDifferent) {
        const ErrorArguments arguments{{"block", std::to_string(result.height)}};
        const bool statesKnown = !pair.leftCommit.empty() && !pair.rightCommit.empty();
        result.sentence =
            statesKnown
                ? say("LEDGERS_SAME", "Both ledgers are the same up to block {block}.", arguments)
                : say("LEDGERS_SAME_BLOCKS",
                      "Both ledgers are the same up to block {block}. Only one of them or "
                      "none records what the blocks left in the state.",
                      arguments);
        return;
    }
    const ErrorArguments arguments{{"block", std::to_string(*result.firstDifferent)}};
    result.sentence =
        pair.sameHeader()
            ? say("LEDGERS_DIFFER_IN_STATE",
                  "Both ledgers hold the same blocks, but from block {block} on they come to "
                  "different states or verdicts.",
                  arguments)
            : say("LEDGERS_DIFFER", "From block {block} on the ledgers hold different blocks.",
                  arguments);
}

}  // namespace

Result<LedgerComparisonResult> compareLedgers(const BrowseLedger& left, const BrowseLedger& right,
                                              std::optional<BlockNumber> at) {
    const LedgerStatus a = left.status();
    const LedgerStatus b = right.status();
    if (a.channel != b.channel)
        return makeError(StatusCode::kInvalidArgument, "CHANNELS_DIFFER",
                         fmt::format("the ledgers are of different channels: {} and {}",
                                     printable(a.channel), printable(b.channel)),
                         {{"left", a.channel}, {"right", b.channel}});
    const auto nothing = [](BlockNumber number) {
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                         fmt::format("not both ledgers have block {}", number),
                         {{"block", std::to_string(number)}});
    };
    if (!a.lastBlock || !b.lastBlock || !a.firstBlock || !b.firstBlock)
        return nothing(at.value_or(0));
    BlockNumber low = std::max(*a.firstBlock, *b.firstBlock);
    const BlockNumber last = std::min(*a.lastBlock, *b.lastBlock);
    const BlockNumber height = at.value_or(last);
    if (height > last || height < low) return nothing(height);

    LedgerComparisonResult result{.channel = a.channel, .height = height};
    ASSIGN_OR_RETURN(Pair pair, pairAt(left, right, height));
    if (!pair.same()) {
        // Blocks and states build on each other: once different, always different.
        BlockNumber high = height;
        while (low < high) {
            const BlockNumber middle = low + (high - low) / 2;
            ASSIGN_OR_RETURN(const Pair there, pairAt(left, right, middle));
            if (there.same())
                low = middle + 1;
            else
                high = middle;
        }
        result.firstDifferent = high;
        ASSIGN_OR_RETURN(pair, pairAt(left, right, high));
    }
    result.damaged = damagedIn(a, height);
    if (const auto other = damagedIn(b, height))
        result.damaged = std::min(result.damaged.value_or(*other), *other);
    tell(result, pair);
    result.leftHash = std::move(pair.leftHash);
    result.rightHash = std::move(pair.rightHash);
    result.leftCommitHash = std::move(pair.leftCommit);
    result.rightCommitHash = std::move(pair.rightCommit);
    return result;
}

}  // namespace chancery::usecase
