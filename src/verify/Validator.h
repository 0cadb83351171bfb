#pragma once

#include <memory>
#include <span>
#include <vector>

#include "src/base/Status.h"
#include "src/base/TaskPool.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"
#include "src/verify/Contracts.h"
#include "src/verify/EndorsementCheck.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/PolicyBook.h"
#include "src/verify/State.h"
#include "src/verify/TransactionCheck.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

/// Where the configuration of the channel stands in the state.
inline constexpr std::string_view kConfigNamespace = "";
inline constexpr std::string_view kConfigKey = "CHANNEL_CONFIG_ENV_BYTES";

/// A block with all that can be done ahead of its turn: signatures checked, contents decoded.
struct PreparedBlock {
    BlockNumber number = 0;
    channel::BundlePtr bundle;  ///< the configuration it was prepared under
    std::vector<PreparedTransaction> transactions;
};

/// What a peer makes of a block.
struct BlockVerdict {
    std::vector<TransactionVerdict> transactions;
    std::vector<Hazard> hazards;  ///< where peers would not come to a verdict
    PendingUpdates updates;       ///< what the valid transactions leave in the state
    channel::BundlePtr config;    ///< the new configuration; null when the block changes none

    std::vector<protocol::ValidationCode> codes() const;
};

/// Assigns every transaction of a block its validation code, as a Fabric peer of the 2.x and 3.x
/// lines with the built-in plugins and LevelDB does, and says why (fact sheet B §3). Reads neither
/// clock nor configuration of its own. One thread at a time; prepare() on any.
class Validator {
public:
    /// `state` is the state before the next block and must outlive the validator.
    Validator(channel::BundlePtr bundle, const StateReader& state);
    ~Validator();

    const channel::BundlePtr& bundle() const { return m_policies->bundle(); }

    /// Checks of single transactions, spread over `pool` when there is one. Endorsements that are
    /// `known` are not checked again.
    static PreparedBlock prepare(const protocol::Block& block, channel::BundlePtr bundle,
                                 TaskPool* pool = nullptr,
                                 const policy::KnownSignatures* known = nullptr);

    /// Judges the next block, which must have been prepared under bundle(). `recorded` are the
    /// codes that stand in the block, if there are any: they are taken over where the data do not
    /// tell (see TransactionVerdict::computed). The state is not changed; the error is the store's.
    Result<BlockVerdict> validate(const PreparedBlock& block,
                                  std::span<const protocol::ValidationCode> recorded = {});
    /// Block 0, which is valid by definition: its configuration and what it leaves in the state.
    /// INVALID_ARGUMENT (BAD_GENESIS) when it holds no configuration that can be loaded.
    static Result<BlockVerdict> validateGenesis(const protocol::Block& block);

    /// To be called when the block's updates have been put into the state.
    void committed(const BlockVerdict& verdict);

    /// The definition of a contract in the state, as far as validation needs it.
    Result<const Contract*> contract(std::string_view name) {
        return m_contracts.find(name, m_state);
    }

private:
    struct Work;
    Status judgeOne(Work& work, std::size_t index);
    Status checkEndorsements(Work& work, std::size_t index);
    void judgeConfig(Work& work, std::size_t index);
    void markDuplicates(Work& work);
    Status findHazards(Work& work);
    Status commitOne(Work& work, std::size_t index);

    const StateReader& m_state;
    Contracts m_contracts;
    std::unique_ptr<PolicyBook> m_policies;
};

}  // namespace chancery::verify
