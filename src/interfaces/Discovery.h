#pragma once

#include <memory>
#include <stop_token>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/interfaces/NodeAddress.h"

namespace chancery::interfaces {

/// A peer that tells who else there is. Blocks; any thread.
class Discovery {
public:
    virtual ~Discovery() = default;
    /// discovery.SignedRequest → discovery.Response.
    virtual Result<Bytes> ask(BytesView signedRequest, Deadline deadline,
                              std::stop_token stop = {}) = 0;
};

/// Makes connections to such peers and keeps them. Thread-safe.
class DiscoveryConnector {
public:
    virtual ~DiscoveryConnector() = default;
    virtual Result<std::shared_ptr<Discovery>> discovery(const NodeAddress& peer) = 0;
};

}  // namespace chancery::interfaces
