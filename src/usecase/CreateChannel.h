#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

struct CreateChannelRequest {
    ChannelId channel;
    std::vector<std::string> members;  ///< organisations with peers of the folder; none: all
    std::vector<std::filesystem::path> bundles;  ///< MSP bundles of further members
    std::optional<std::string> batchTimeout;     ///< "2s"
    std::optional<std::uint64_t> maxMessages;
    absl::Time now;
};

struct CreatedChannel {
    Bytes bytes;  ///< the first block
    std::filesystem::path file;
    std::vector<std::string> members;  ///< of the folder
    bool already = false;              ///< the block was there before
};

/// Makes the first block of a further channel of a network in a folder, and keeps it there. All
/// orderers of the folder become consenters.
class CreateChannel {
public:
    /// NOT_FOUND (NO_SUCH_ORGANISATION); INVALID_ARGUMENT (BAD_DURATION, BAD_CHANNEL_NAME); errors
    /// of CreateGenesis, ReadMspBundle and files. A block that is there already is given back.
    Result<CreatedChannel> run(const NetworkFolder& network,
                               const CreateChannelRequest& request) const;
};

}  // namespace chancery::usecase
