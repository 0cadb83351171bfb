#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/base/Ids.h"
#include "src/base/Sentence.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"
#include "src/protocol/Snapshot.h"
#include "src/verify/Expiry.h"
#include "src/verify/MemoryState.h"

namespace chancery::verify {

/// Where the verification of a chain stands after a block: all that the next one is judged by. A
/// copy is a checkpoint from which verification can be taken up again.
struct ChainState {
    /// Nothing is known: a chain that begins with block 0 brings all that is needed; of others
    /// only links and forms can be checked, until a configuration block comes along.
    ChainState() = default;
    /// State, configuration and hashes as a ledger snapshot has them. DATA_LOSS (BAD_SNAPSHOT)
    /// when its parts do not fit together; errors of the reader.
    /// `store` receives the state in place of `state`, if given.
    static Result<ChainState> fromSnapshot(const protocol::Snapshot& snapshot,
                                           std::shared_ptr<StateStore> store = nullptr);
    /// A configuration block that is trusted: the chain behind it is checked as far as that goes
    /// without a state. It may be the last block before the chain or the chain's first one, or
    /// stand further back as long as no other configuration lies between. INVALID_ARGUMENT
    /// (BAD_ANCHOR).
    static Result<ChainState> fromConfigBlock(const protocol::Block& block);

    BlockNumber next() const { return last ? *last + 1 : 0; }
    StateStore& store() { return outside ? *outside : static_cast<StateStore&>(state); }
    const StateStore& store() const {
        return outside ? *outside : static_cast<const StateStore&>(state);
    }

    ChannelId channel;                ///< empty: not known yet
    std::optional<BlockNumber> last;  ///< none: no block was seen
    Bytes headerHash;                 ///< of the last block; empty: not known
    std::optional<Bytes> commitHash;  ///< of the last block; absent: not known; empty: it has none
    channel::BundlePtr bundle;        ///< configuration in force; null: not known
    std::optional<BlockNumber> configBlock;
    Bytes anchorHash;  ///< header hash of the trusted configuration block; empty: there is none
    bool stateKnown = false;  ///< store() is the ledger's whole state
    MemoryState state;
    /// Used in place of `state` when there is one; copies of this object share it.
    std::shared_ptr<StateStore> outside;
    Expiry expiry;
    Sentence start;  ///< what was trusted without proof
};

}  // namespace chancery::verify
