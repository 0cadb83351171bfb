#pragma once

#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/identity/Msp.h"

namespace common {
class Capabilities;
}

namespace chancery::channel {

/// Which behaviours a channel's capabilities turn on (fact sheet A §4.3). A newer name implies what
/// the older ones turn on.
struct Capabilities {
    /// The names as the configuration lists them, sorted.
    std::vector<std::string> channel, orderer, application;

    identity::MspVersion mspVersion = identity::MspVersion::V1_0;
    bool orgOrdererEndpoints = false;        ///< channel ≥ V1_4_2: Endpoints per organisation
    bool channelConsensusMigration = false;  ///< channel ≥ V1_4_2
    bool consensusTypeBft = false;           ///< channel V3_0: BFT, no global addresses

    bool resubmission = false;               ///< orderer ≥ V1_1
    bool expirationCheck = false;            ///< orderer ≥ V1_1
    bool ordererConsensusMigration = false;  ///< orderer ≥ V1_4_2: maintenance mode

    bool forbidsDuplicateTxIdInBlock = false;   ///< application ≥ V1_1
    bool acls = false;                          ///< application ≥ V1_2
    bool privateData = false;                   ///< application ≥ V1_2 or the experimental name
    bool collectionUpgrade = false;             ///< application ≥ V1_2
    bool keyLevelEndorsement = false;           ///< application ≥ V1_3
    bool storesPrivateDataOfInvalidTx = false;  ///< application ≥ V1_4_2
    bool newLifecycle = false;                  ///< application ≥ V2_0
    bool purgePrivateData = false;              ///< application V2_5
};

/// From the three Capabilities values; an absent one counts as empty.
Capabilities readCapabilities(const ::common::Capabilities& channel,
                              const ::common::Capabilities& orderer,
                              const ::common::Capabilities& application);

enum class CapabilityLevel { Channel, Orderer, Application };

/// FAILED_PRECONDITION (UNSUPPORTED_CAPABILITY) with arguments `level` and `name` when Fabric 2.5
/// and 3.0 know no such capability at that level.
Status checkSupported(const Capabilities& capabilities, CapabilityLevel level);

}  // namespace chancery::channel
