#pragma once

#include <memory>
#include <span>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "node/peer/CollectionMembership.h"
#include "node/state/StateView.h"
#include "src/channel/Bundle.h"
#include "src/verify/Contracts.h"
#include "src/verify/Expiry.h"
#include "src/verify/TransactionCheck.h"
#include "src/verify/Validator.h"

namespace chancery::node {

/// Puts together what a judged block brings into the ledger: its updates with the private data that
/// end (fact sheet B §3.6), clear private data held since their endorsement, what is missing of
/// them, and collections that are defined anew. One thread at a time.
class CommitComposer {
public:
    explicit CommitComposer(Bytes ownIdentity) : m_membership(std::move(ownIdentity)) {}

    /// Before the first compose(): what is due to end, found in the state after the newest block.
    /// The error is the store's.
    Status loadExpiry(const StateView& state);

    struct Composed {
        Commit commit;
        /// To be recorded before the commit: contract and CollectionConfigPackage.
        std::vector<std::pair<std::string, Bytes>> collections;
        std::vector<TxId> spent;  ///< whose transient data are not needed any more
    };
    /// `updates` are those of the valid transactions and must outlive the commit; what ends with
    /// this block is added, so their commit hash must be taken before. `block` has its codes.
    /// `ledger` null: private data are all noted as missing. The error is the store's.
    Result<Composed> compose(const protocol::Block& block,
                             std::span<const verify::PreparedTransaction> transactions,
                             verify::PendingUpdates& updates, const verify::StateReader& state,
                             const channel::Bundle& bundle, ChannelLedger* ledger);
    /// When the configuration has changed.
    void configChanged() { m_membership.forget(); }

private:
    Status addPrivateData(Composed& out, std::size_t index,
                          const verify::PreparedTransaction& transaction,
                          const verify::StateReader& state, const channel::Bundle& bundle,
                          ChannelLedger* ledger);
    Status noteCollections(Composed& out, const verify::PendingUpdates& updates,
                           const verify::StateReader& state);

    CollectionMembership m_membership;
    verify::Contracts m_contracts;
    verify::Expiry m_expiry;
};

/// ChannelLedger::Replay for a channel: blocks whose codes stand in their metadata become commits
/// again. Its private data are noted as missing, see recoverPrivateData. Call it in the order of
/// the blocks, one thread.
ChannelLedger::Replay makeReplay(const ChannelId& channel, std::shared_ptr<CommitComposer> composer,
                                 std::shared_ptr<bool> expiryLoaded);

/// Private data that a replay could not find, for it came before the ledger was open: those that
/// the transient store still has are filed. The error is the store's.
Status recoverPrivateData(ChannelLedger& ledger);

}  // namespace chancery::node
