#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "src/channel/Bundle.h"
#include "src/policy/Policy.h"
#include "src/protocol/Transaction.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

/// What can be said of a transaction without the ledger's state: everything of fact sheet B §3.2
/// up to the look-up of definitions, and all its signatures checked.
struct PreparedTransaction {
    protocol::Transaction transaction;
    /// Under which id the ledger remembers it: the stated one, or computed when none is stated;
    /// empty when its headers cannot be read.
    std::string txId;

    /// Steps 1 to 4: form, creator, proposal hash.
    protocol::ValidationCode form = protocol::ValidationCode::Valid;
    /// Step 6, after the look for duplicates: which contract, which read/write set.
    protocol::ValidationCode content = protocol::ValidationCode::Valid;
    std::optional<Cause> cause;  ///< of the first of both that is not Valid

    /// Of the only action; filled when form and content are Valid.
    policy::VerifiedSignatures endorsements;
    bool creatorChecked = false;  ///< its signature was verified, with whatever result
    std::size_t endorsementsChecked = 0;
    std::optional<Hazard> hazard;

    /// The read/write set of the only action; null when there is none that can be read.
    const protocol::ReadWriteSet* readWriteSet() const;
};

/// See PreparedTransaction::txId.
std::string ledgerTxId(const protocol::Transaction& transaction);

/// Checks in exactly the order in which peers do, for the first failure decides the code. Any
/// thread; never fails. Endorsements that are `known` are not checked again.
PreparedTransaction prepareTransaction(protocol::Transaction transaction,
                                       const channel::Bundle& bundle,
                                       const policy::KnownSignatures* known = nullptr);

}  // namespace chancery::verify
