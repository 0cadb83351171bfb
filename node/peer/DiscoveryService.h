#pragma once

#include <memory>

#include "node/peer/Discovery.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// `/discovery.Discovery/Discover`: Discovery behind gRPC.
class DiscoveryService {
public:
    /// `discovery` must outlive it.
    explicit DiscoveryService(Discovery& discovery);
    ~DiscoveryService();
    grpc::Service& service();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
