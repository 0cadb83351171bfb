#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::rpc {

/// Where a server listens: a TCP address (always with TLS) or a socket of this machine.
struct Endpoint {
    std::string host;  ///< name or address, IPv6 without brackets; empty for a unix socket
    std::uint16_t port = 0;
    std::string socketPath;  ///< absolute; empty for TCP

    bool isUnix() const { return !socketPath.empty(); }
    /// "host:7051", "[::1]:7051" or "unix:/run/x.sock"; parses to the same endpoint.
    std::string toString() const;

    bool operator==(const Endpoint&) const = default;
};

/// "host:port", "[v6]:port", "grpcs://host:port", "unix:/path" or "unix:///path". INVALID_ARGUMENT:
/// BAD_ENDPOINT, or PLAINTEXT_REFUSED for "grpc://" and "http://": a connection without TLS is
/// never made.
Result<Endpoint> parseEndpoint(std::string_view text);

}  // namespace chancery::rpc
