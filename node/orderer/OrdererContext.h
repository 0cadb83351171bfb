#pragma once

#include <memory>

#include "node/ledger/Disk.h"
#include "node/orderer/OrdererMetrics.h"
#include "node/role/FlowEvents.h"
#include "src/base/Clock.h"
#include "src/base/Random.h"
#include "src/identity/SigningIdentity.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

/// What all channels of an orderer share.
struct OrdererContext {
    identity::SigningIdentityPtr signer;
    /// Of the own server: by its certificate a channel's consenter set knows this node, and with it
    /// other orderers are called.
    rpc::TlsIdentity tls;
    const Clock* clock = &Clock::system();
    Random* random = &Random::system();
    Disk* disk = nullptr;                     ///< null: the system
    std::shared_ptr<OrdererMetrics> metrics;  ///< may be null
    FlowEvents* flow = nullptr;               ///< may be null
};
using OrdererContextPtr = std::shared_ptr<const OrdererContext>;

}  // namespace chancery::node
