#pragma once

#include <vector>

#include "src/usecase/ConfigFile.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

/// A channel's configuration in force, as its newest config block says.
struct NewestConfig {
    Bytes block;   ///< serialised
    Bytes config;  ///< common.Config
    ConfigFile file;
    BlockNumber number = 0;  ///< of that block
    std::string source;      ///< name of the node that gave it
};

/// From the first of these nodes that answers: orderers, then peers. The error is that of the
/// last; NOT_FOUND (NO_NODE) when there is none to be asked.
Result<NewestConfig> newestConfig(const TransactionContext& context, const ChannelId& channel,
                                  const std::vector<interfaces::NodeAddress>& orderers,
                                  const std::vector<interfaces::NodeAddress>& peers,
                                  Deadline deadline);

}  // namespace chancery::usecase
