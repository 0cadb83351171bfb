#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::node {

struct AdminContract {
    std::string name, version;
    std::uint64_t sequence = 0;
    bool runs = false;  ///< connected to this node at this moment
};

/// A channel as its node's administrator sees it.
struct AdminChannel {
    ChannelId channel;
    BlockNumber height = 0;
    Bytes lastBlockHash;   ///< of the header of the newest block; empty when it is not known
    std::string relation;  ///< "consenter", "follower", "member"
    std::string status;    ///< "active", "onboarding", "inactive", "failed"
    Status problem;        ///< what stands in the way of its next block
    std::vector<AdminContract> contracts;
};

/// The channels of a role, for its administrator. Thread-safe; calls may wait for the disk.
class ChannelAdmin {
public:
    virtual ~ChannelAdmin() = default;
    /// Sorted by name.
    virtual std::vector<ChannelId> ids() const = 0;
    /// NOT_FOUND (NO_SUCH_CHANNEL).
    virtual Result<AdminChannel> describe(const ChannelId& channel) = 0;
    struct Joined {
        ChannelId channel;
        bool already = false;
    };
    /// `block`: common.Block. INVALID_ARGUMENT (BAD_JOIN_BLOCK, BAD_CHANNEL_ID); ALREADY_EXISTS
    /// (CHANNEL_EXISTS) when it is another channel that has the name; errors of the ledger.
    virtual Result<Joined> join(BytesView block) = 0;
    /// Removes all that is there of it; true when it was there. INVALID_ARGUMENT (BAD_CHANNEL_ID);
    /// ABORTED (PENDING_REMOVAL) while another call does it.
    virtual Result<bool> leave(const ChannelId& channel) = 0;
};

}  // namespace chancery::node
