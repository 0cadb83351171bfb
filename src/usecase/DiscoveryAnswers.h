#pragma once

// For the sources of this folder: requests and answers of Fabric's discovery (fact sheet B §8).
#include <map>
#include <string>
#include <vector>

#include "src/usecase/ConnectNetwork.h"

namespace chancery::usecase {

/// Configuration and members of each channel. Errors of signing.
Result<Bytes> signDiscovery(const identity::SigningIdentity& identity,
                            const std::vector<ChannelId>& channels);

struct DiscoveryAnswer {
    std::vector<DiscoveredChannel> channels;   ///< in the order of the request
    std::map<MspId, std::string> tlsRootsPem;  ///< of all organisations of the channels
    std::vector<std::string> warnings;
};
/// Total. DATA_LOSS (UNEXPECTED_ANSWER) when it is no answer to that request; single peers and
/// orderers that cannot be used become warnings.
Result<DiscoveryAnswer> readDiscovery(BytesView response, const std::vector<ChannelId>& channels);

}  // namespace chancery::usecase
