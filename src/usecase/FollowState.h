#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// A node that blocks may come from.
struct FollowSource {
    std::string name;
    bool aside = false;               ///< it gave something wrong and is not asked any more
    Status why;                       ///< of the last failure; OK: none since it last gave a block
    std::optional<absl::Time> again;  ///< when it is asked again
    std::optional<BlockNumber> newest;  ///< as it last told
};

/// A node gave something that cannot be right.
struct FollowAlarm {
    absl::Time when;
    std::string source;
    Status why;  ///< BLOCK_REFUSED, LEDGER_DIFFERS, OTHER_GENESIS, WRONG_BLOCK …
};

struct FollowState {
    enum class Phase {
        Stopped,
        Connecting,
        CatchingUp,
        Live,
        Waiting,  ///< no node gives blocks now: `why`, and `until` when one is asked again
        Refused,  ///< all nodes are put aside
        Failed    ///< nothing can be written, or read: `why`
    };
    Phase phase = Phase::Stopped;
    std::string source;  ///< that blocks come from
    std::optional<BlockNumber> at;
    BlockNumber from = 0;  ///< of the present catching up
    BlockNumber to = 0;    ///< newest that is known of
    double blocksPerSecond = 0;
    double transactionsPerSecond = 0;
    std::string lost;  ///< node that was lost last
    Status why;
    std::optional<absl::Time> until;
    std::optional<absl::Time> asOf;  ///< when the node was last known to have no more
    std::vector<FollowSource> sources;
    std::vector<FollowAlarm> alarms;  ///< at most 20, the newest last
    std::uint64_t revision = 0;

    /// Of catching up, 0 to 1.
    double fraction() const;
};

/// Where a channel of a network is followed to, inside the folder of all indexes. `network`: the
/// file or folder by which the network is known.
std::filesystem::path followFolder(const std::filesystem::path& indexes,
                                   const std::filesystem::path& network, const ChannelId& channel);

}  // namespace chancery::usecase
