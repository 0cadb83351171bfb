#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/verify/Contracts.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/State.h"

namespace chancery::verify {

/// When private data ends: hashed keys of collections with a block-to-live leave the state by
/// themselves (fact sheet B §3.6). Copies are independent. One thread at a time.
class Expiry {
public:
    /// Gives the definition of a contract before the block.
    using Definitions = std::function<Result<const Contract*>(std::string_view name)>;

    /// What of the state ends with this block: schedules what the block writes, and adds the
    /// deletion of what is due and was neither written since nor is now. To be called with the
    /// updates of every block, after its commit hash was computed. The error is the store's.
    Status pass(BlockNumber block, PendingUpdates& updates, const StateReader& state,
                const Definitions& definitions);
    /// For a state that was not built here: one hashed key as it stands.
    Status schedule(std::string_view ns, std::string_view collection, std::string_view keyHash,
                    BlockNumber writtenIn, const Definitions& definitions);

    std::size_t pending() const;

    /// A key that ends with block `block` unless it is written again.
    struct Due {
        BlockNumber block = 0;
        std::string ns, collection, keyHash;
        BlockNumber writtenIn = 0;
    };
    /// Told of everything that is scheduled from now on, for those who keep it elsewhere too.
    void observe(std::function<void(const Due&)> scheduled) { m_scheduled = std::move(scheduled); }
    /// What is scheduled, in any order.
    void each(const std::function<void(const Due&)>& visit) const;
    /// Puts back what was scheduled in an earlier run.
    void restore(Due due);

private:
    struct Key {
        std::string ns, collection, hash;
        BlockNumber writtenIn;
    };
    std::map<BlockNumber, std::vector<Key>> m_due;
    std::function<void(const Due&)> m_scheduled;
};

}  // namespace chancery::verify
