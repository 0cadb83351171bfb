#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/base/Status.h"

namespace chancery::interfaces {

/// How a node is reached. Always TLS.
struct NodeAddress {
    std::string name;      ///< for people: "peer0.org1.example.com"
    std::string endpoint;  ///< "host:port"
    std::string tlsRootsPem;
    std::string serverName;  ///< expected in its certificate instead of the host; empty: the host

    friend bool operator==(const NodeAddress&, const NodeAddress&) = default;
};

/// What we show to servers that ask for a certificate.
struct TlsIdentity {
    std::string certificatePem;
    std::string keyPem;  ///< secret
};

struct HostAndPort {
    std::string host;  ///< IPv6 without brackets
    std::uint16_t port = 0;
};
/// From "host:port" or "[v6]:port". INVALID_ARGUMENT (BAD_ENDPOINT).
Result<HostAndPort> splitEndpoint(const std::string& endpoint);

}  // namespace chancery::interfaces
