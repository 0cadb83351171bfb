#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// A network address in a channel's configuration.
struct ChannelEndpoint {
    std::string host;
    std::uint16_t port = 0;
};

struct ChannelOrganisation {
    std::string name;  ///< of its group
    MspId mspId;
    std::filesystem::path msp;               ///< its MSP folder; no key is read
    Bytes mspConfig = {};                    ///< instead of a folder: msp.MSPConfig
    std::vector<ChannelEndpoint> endpoints;  ///< orderers' addresses, or anchor peers
};

struct ChannelConsenter {
    ChannelEndpoint endpoint;
    std::filesystem::path tlsCertificate;  ///< server and client
};

struct GenesisRequest {
    ChannelId channel;
    std::vector<ChannelOrganisation> orderers;
    std::vector<ChannelConsenter> consenters;
    std::vector<ChannelOrganisation> applications;
    std::uint32_t maxMessages = 500;
    std::uint32_t preferredMaxBytes = 2U << 20;
    absl::Duration batchTimeout = absl::Milliseconds(250);
    /// "Endorsement" → "ANY Endorsement" or "OR('Org1MSP.peer')", in place of the usual ones of
    /// /Channel/Application.
    std::map<std::string, std::string> applicationPolicies = {};
    absl::Time now;
};

/// Makes the first block of a channel with the usual policies (fact sheet A §3.2, §4.6).
class CreateGenesis {
public:
    /// Serialised block. Errors of readMspFolder and makeGenesisBlock.
    Result<Bytes> run(const GenesisRequest& request) const;
};

}  // namespace chancery::usecase
