#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/BlockFile.h"
#include "src/usecase/LedgerFiles.h"
#include "src/usecase/LedgerMoment.h"
#include "src/verify/Contracts.h"
#include "src/verify/Expiry.h"
#include "src/verify/MemoryState.h"
#include "src/verify/Validator.h"

namespace chancery::usecase {

/// Goes through a ledger block by block and keeps the state and the configuration that each block
/// met. The verdicts that the blocks record are believed, so no signatures are checked, except
/// where judge() is asked; blocks without verdicts (an orderer's) are always judged. One thread at
/// a time.
class LedgerReplay final : public LedgerMoment {
public:
    static Result<std::unique_ptr<LedgerReplay>> open(const LedgerLocation& location);

    /// The next block, not applied yet; nothing at the end. Errors of the source.
    Result<std::optional<protocol::SourcedBlock>> next();

    // Before the block that next() gave; after it when commit() was called.
    const verify::MemoryState& state() const override { return m_state; }
    bool stateKnown() const override { return m_stateKnown; }
    const channel::BundlePtr& bundle() const override { return m_bundle; }  ///< null: not known yet
    verify::Contracts& contracts() override { return m_contracts; }

    /// The last block that is in the state.
    std::optional<BlockNumber> last() const { return m_last; }

    /// Whether judge() can be asked: configuration and state are known, and it is not the first
    /// block.
    bool canJudge() const;
    /// The block that next() gave; computed once.
    Result<const Judgement*> judge() override;
    /// Applies the block that next() gave. What it left in the state is valid until the next call.
    Result<const verify::PendingUpdates*> commit();

    Progress progress() const;

private:
    LedgerReplay() = default;
    Status applyRecorded(verify::PendingUpdates& updates);
    Status applyUpdates(verify::PendingUpdates& updates);

    protocol::BlockSourcePtr m_source;
    std::optional<protocol::SourcedBlock> m_current;
    std::optional<Judgement> m_judgement;
    verify::PendingUpdates m_updates;
    verify::MemoryState m_state;
    verify::Expiry m_expiry;
    verify::Contracts m_contracts;
    std::unique_ptr<verify::Validator> m_validator;
    channel::BundlePtr m_bundle;
    ChannelId m_channel;
    bool m_stateKnown = false;
    bool m_indexed = true;  ///< blocks followed each other so far
    std::optional<BlockNumber> m_last;
    std::uint64_t m_blocks = 0;
};

}  // namespace chancery::usecase
