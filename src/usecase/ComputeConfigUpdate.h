#pragma once

#include <filesystem>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

struct ConfigUpdateResult {
    Bytes bytes;                               ///< common.ConfigUpdate
    std::string json;                          ///< the same in configtxlator's form
    std::vector<std::string> changedElements;  ///< "[Value] /Channel/Orderer/BatchSize", sorted
};

/// The update that leads from one configuration to another, as configtxlator computes it.
class ComputeConfigUpdate {
public:
    /// Both files in any form that holds a whole configuration. INVALID_ARGUMENT: NO_DIFFERENCE,
    /// NO_CONFIG, BAD_CHANNEL_NAME, and the errors of reading.
    Result<ConfigUpdateResult> run(const ChannelId& channel, const std::filesystem::path& original,
                                   const std::filesystem::path& updated) const;
};

}  // namespace chancery::usecase
