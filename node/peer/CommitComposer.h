#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "node/peer/CollectionMembership.h"
#include "src/channel/Bundle.h"
#include "src/verify/Contracts.h"
#include "src/verify/TransactionCheck.h"
#include "src/verify/Validator.h"

namespace chancery::node {

/// Puts together what a judged block brings into the ledger: its updates, clear private data held
/// since their endorsement, what is missing of them, and collections that are defined anew (fact
/// sheet B §3.6). One thread at a time.
class CommitComposer {
public:
    explicit CommitComposer(Bytes ownIdentity) : m_membership(std::move(ownIdentity)) {}

    struct Composed {
        Commit commit;
        /// To be recorded before the commit: contract and CollectionConfigPackage.
        std::vector<std::pair<std::string, Bytes>> collections;
        std::vector<TxId> spent;  ///< whose transient data are not needed any more
    };
    /// `updates` are those of the valid transactions; these and `transactions` must outlive the
    /// commit. `block` has its codes. `ledger` null: private data are all noted as missing. The
    /// error is the store's.
    Result<Composed> compose(const protocol::Block& block,
                             std::span<const verify::PreparedTransaction> transactions,
                             const verify::PendingUpdates& updates,
                             const verify::StateReader& state, const channel::Bundle& bundle,
                             ChannelLedger* ledger);
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
};

/// ChannelLedger::Replay for a channel: blocks whose codes stand in their metadata become commits
/// again. Their private data are noted as missing; the ledger looks for them itself. Call it in the
/// order of the blocks, one thread.
ChannelLedger::Replay makeReplay(const ChannelId& channel,
                                 std::shared_ptr<CommitComposer> composer);

}  // namespace chancery::node
