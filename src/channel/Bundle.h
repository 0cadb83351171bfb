#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/identity/Msp.h"
#include "src/policy/PolicyTree.h"

namespace common {
class Config;
class ConfigGroup;
class ConfigEnvelope;
class ConfigUpdateEnvelope;
class Envelope;
}

namespace chancery::channel {

/// Which behaviours a channel's capabilities turn on (fact sheet A §4.3).
struct Capabilities {
    std::vector<std::string> channel, orderer, application;
    identity::MspVersion mspVersion = identity::MspVersion::V1_0;
    bool forbidsDuplicateTxIdInBlock = false;  ///< application ≥ V1_1
    bool keyLevelEndorsement = false;          ///< application ≥ V1_3
    bool newLifecycle = false;                 ///< application ≥ V2_0
    bool purgePrivateData = false;             ///< application V2_5
};

/// A BFT consenter as the channel's Orderers value names it.
struct Consenter {
    std::uint32_t id = 0;
    std::string host;
    std::uint32_t port = 0;
    MspId mspId;
    Bytes identityPem;       ///< BFT only
    Bytes serverTlsPem;
    Bytes clientTlsPem;
};

/// Everything a channel configuration says, checked and compiled once. Immutable, thread-safe; replaced whole.
class Bundle {
public:
    /// All checks that a Fabric peer makes when it loads a configuration; the error carries the path of the element.
    static Result<std::shared_ptr<const Bundle>> fromConfig(const ChannelId& channel, const ::common::Config& config);
    virtual ~Bundle() = default;

    virtual const ChannelId& channelId() const = 0;
    virtual std::uint64_t sequence() const = 0;
    virtual const ::common::Config& config() const = 0;
    virtual const std::shared_ptr<const identity::MspSet>& msps() const = 0;
    virtual const policy::PolicyTree& policies() const = 0;
    virtual const Capabilities& capabilities() const = 0;
    virtual const std::string& consensusType() const = 0;        ///< "etcdraft", "BFT"
    virtual const std::vector<Consenter>& consenters() const = 0;
    /// MSP ids of the organisations below /Channel/Application, and their group names.
    virtual const std::map<MspId, std::string>& applicationOrgs() const = 0;
    virtual const std::map<MspId, std::string>& ordererOrgs() const = 0;
};

using BundlePtr = std::shared_ptr<const Bundle>;

}  // namespace chancery::channel
