#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/usecase/ConfigDescription.h"
#include "src/usecase/NewestConfig.h"

namespace chancery::usecase {

/// A node as it answers for one channel.
struct ChannelNode {
    std::string name;
    std::string endpoint;
    bool isOrderer = false;
    std::optional<std::uint64_t> height;  ///< blocks that it has
    std::string problem;                  ///< why it does not answer
    std::string reason;                   ///< stable, of the problem
};

struct ChannelInspection {
    ChannelId channel;
    NewestConfig newest;
    ConfigDescription config;
    std::vector<ChannelNode> nodes;
};

/// What can be seen of a channel through Fabric's own protocols.
class InspectChannel {
public:
    /// Nodes that do not answer are told as such; errors of newestConfig when nobody gives the
    /// configuration. All nodes are asked at once, each for at most `patience`.
    Result<ChannelInspection> run(const TransactionContext& context, const ChannelId& channel,
                                  const std::vector<interfaces::NodeAddress>& orderers,
                                  const std::vector<interfaces::NodeAddress>& peers,
                                  Deadline deadline) const;

    /// Only the heights.
    static std::vector<ChannelNode> nodes(const TransactionContext& context,
                                          const ChannelId& channel,
                                          const std::vector<interfaces::NodeAddress>& orderers,
                                          const std::vector<interfaces::NodeAddress>& peers,
                                          Deadline deadline);
};

}  // namespace chancery::usecase
