#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/Sentence.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct ComparePeersRequest {
    ChannelId channel;
    std::vector<interfaces::NodeAddress> peers;
    std::optional<BlockNumber> at = {};  ///< only up to this block
    Deadline deadline;
    std::stop_token stop = {};
};

/// How one peer stands.
struct PeerStanding {
    std::string name;
    Status reach;  ///< OK, or why it could not be asked; nothing else is known then
    BlockNumber height = 0;
    Bytes lastHash;        ///< of the header of its newest block
    Bytes lastCommitHash;  ///< the fingerprint of its state after that; may be empty
    /// First block that is another one than that of most peers, or left another state.
    std::optional<BlockNumber> differsFrom;
    bool onlyState = false;  ///< the block is the same, its verdicts or the state are not
};

struct PeersComparison {
    ChannelId channel;
    BlockNumber comparedTo = 0;  ///< last block that all who answered have
    Bytes hash;                  ///< of that block, as most peers have it
    Bytes commitHash;
    std::vector<PeerStanding> peers;  ///< as they were given
    Sentence sentence;

    bool same() const;         ///< nobody differs
    bool allAnswered() const;  ///< each peer could be asked
};

/// Asks peers for their newest block and compares what they have at a height that all have reached.
class ComparePeers {
public:
    /// UNAVAILABLE (NO_PEER_ANSWERS); NOT_FOUND (NO_SUCH_BLOCK) when not all have block `at`.
    Result<PeersComparison> run(const TransactionContext& context,
                                const ComparePeersRequest& request) const;
};

}  // namespace chancery::usecase
