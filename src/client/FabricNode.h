#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Clock.h"
#include "src/base/Random.h"
#include "src/client/Watch.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/Node.h"
#include "src/interfaces/Nodes.h"

namespace chancery::client {

/// How a node of Fabric is administered: by its own protocols, as far as one is let.
struct FabricNodeAccess {
    bool isPeer = true;
    MspId mspId;                                           ///< of the node; may be empty
    interfaces::NodeAddress address;                       ///< its gRPC
    std::optional<interfaces::NodeAddress> operations;     ///< HTTPS: health, metrics, log levels
    std::optional<interfaces::NodeAddress> participation;  ///< orderers: HTTPS, for osnadmin
    identity::SigningIdentityPtr identity;                 ///< signs what is asked
    std::optional<interfaces::TlsIdentity> tls;  ///< shown to operations and participation
    /// What is known, where the node does not tell: orderers without participation, and peers whose
    /// organisation is not that of the identity.
    std::vector<ChannelId> channels;
    std::string limits = "no agent on this host";  ///< why there is no more
    WatchPauses pauses = {};
    std::chrono::milliseconds channelPeriod{10'000};  ///< between two looks for new channels
};

/// The same interface as BuiltinNode over what Fabric has: cscc, qscc and _lifecycle of peers,
/// participation of orderers, operations and blocks of both. What none of them offers is
/// UNIMPLEMENTED (NODE_CANNOT), and `abilities` says so. `connector`, `clock` and `random` outlive
/// it. Errors of http::Client::make. Thread-safe.
Result<std::shared_ptr<interfaces::Node>> makeFabricNode(interfaces::Connector& connector,
                                                         FabricNodeAccess access,
                                                         const Clock& clock = Clock::system(),
                                                         Random& random = Random::system());

}  // namespace chancery::client
