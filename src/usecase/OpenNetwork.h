#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/interfaces/ConnectionProfile.h"
#include "src/usecase/FollowChannel.h"

namespace chancery::usecase {

struct OpenNetworkRequest {
    std::filesystem::path profile;
    std::filesystem::path msp;  ///< folder of the identity, with its key
    MspId mspId;                ///< empty: that of the organisation the profile was made for
    ChannelId channel;          ///< empty: the first one that is found
    std::filesystem::path indexes;
    Deadline deadline;
    std::stop_token stop = {};
};

/// A channel of a network as a connection profile and an identity show it.
struct OpenedChannel {
    std::string network;   ///< the profile's name
    std::string identity;  ///< common name, or subject of the certificate
    MspId mspId;
    ChannelId channel;
    std::vector<ChannelId> channels;        ///< all that are known
    std::filesystem::path folder;           ///< that it is followed to
    std::unique_ptr<FollowChannel> follow;  ///< not started
};

/// Opens one channel by Fabric's protocols alone. Blocks come from the own organisation's peers;
/// from orderers when it has none.
class OpenNetwork {
public:
    /// Errors of the profile and of the MSP folder; INVALID_ARGUMENT (NO_MSP_ID, NO_SOURCES),
    /// NOT_FOUND (NO_CHANNEL) when the peer is in none; those of the last peer when none answers.
    /// The connector must outlive what is opened.
    Result<OpenedChannel> run(interfaces::Connector& connector,
                              const OpenNetworkRequest& request) const;
};

}  // namespace chancery::usecase
