#pragma once

#include <memory>

#include "node/peer/Gateway.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// `/gateway.Gateway/*`: the gateway behind gRPC. Messages are passed on as they come, without an
/// object for them in between. Nobody's thread waits for a call.
class GatewayService {
public:
    /// `gateway` must outlive it. `concurrency`: calls at once, beyond which they are refused with
    /// RESOURCE_EXHAUSTED; 0: no limit.
    GatewayService(Gateway& gateway, std::size_t concurrency);
    ~GatewayService();
    grpc::Service& service();
    /// Ends all streams of events, those to come too, with UNAVAILABLE. Other calls go on.
    void closeStreams();
    /// Calls that run now, waiting ones included.
    std::size_t running() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
