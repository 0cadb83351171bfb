#pragma once

#include <memory>
#include <set>
#include <string>

#include "src/verify/BlockCheck.h"
#include "src/verify/ChainVerifier.h"

namespace chancery::verify {

/// A block with everything done that does not depend on the blocks before it.
struct ReadyBlock {
    protocol::SourcedBlock sourced;
    BlockCheck check;
    PreparedBlock prepared;  ///< without transactions when no configuration is known
};

/// Judges the blocks of a chain in their order and keeps the chain's state and report. One thread
/// at a time.
class ChainJudge {
public:
    ChainJudge(ChainState start, const ChainOptions& options);

    /// False when verification ends with this block.
    bool pass(const ReadyBlock& block);
    /// The source has failed; ends the report.
    void sourceFailed(const Status& status);
    /// Blocks have been asked to stop.
    void stopped() { m_report.stopped = true; }

    const ChainState& chain() const { return m_chain; }
    const Report& report() const { return m_report; }

private:
    bool checkSequence(const ReadyBlock& block);
    void checkLastConfig(const ReadyBlock& block);
    void judgeTransactions(const ReadyBlock& block);
    void judgeGenesis(const ReadyBlock& block);
    void adoptConfig(const ReadyBlock& block);
    void judgeWithState(const ReadyBlock& block);
    void judgeWithoutState(const ReadyBlock& block);

    void compareCodes(const ReadyBlock& block, const BlockVerdict& verdict);
    void compareCommitHash(const ReadyBlock& block, const Bytes& computed);
    void followCommitHash(const ReadyBlock& block, const BlockVerdict& verdict);
    void takeRecordedCommitHash(const ReadyBlock& block);
    Status applyUpdates(const ReadyBlock& block, BlockVerdict& verdict);
    void takeConfig(const ReadyBlock& block, const BlockVerdict& verdict);
    void giveUpState(std::string_view reason, const Sentence& why);
    void count(const ReadyBlock& block, const BlockVerdict* verdict);
    void tell(const ReadyBlock& block, const BlockVerdict& verdict);
    void tellJudged(const ReadyBlock& block, const BlockVerdict* verdict);

    void add(Finding finding);
    void add(const ReadyBlock& block, Severity severity, Sentence sentence);
    void addAbout(const ReadyBlock& block, std::size_t transaction, Severity severity,
                  Sentence sentence, std::optional<Cause> cause = {});
    /// Once for each reason: what cannot be checked from here on.
    void note(const ReadyBlock& block, Sentence sentence);

    ChainState m_chain;
    const ChainOptions& m_options;
    Report m_report;
    std::unique_ptr<Validator> m_validator;
    std::size_t m_errors = 0;
    // When the current block began.
    std::size_t m_errorsBefore = 0;
    std::size_t m_findingsBefore = 0;
    bool m_toldJudged = false;
    std::set<std::string, std::less<>> m_noted;
};

}  // namespace chancery::verify
