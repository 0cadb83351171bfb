#pragma once

#include <chrono>
#include <cstddef>

namespace chancery::rpc {

/// Fabric's default in both directions; peers, orderers and command lines send up to this.
inline constexpr std::size_t kMaxMessageBytes = 100U << 20;

/// How a client behaves on a connection.
struct ClientLimits {
    std::size_t maxMessageBytes = kMaxMessageBytes;
    /// Fabric's servers end connections that are asked for a sign of life more often than every
    /// minute.
    std::chrono::seconds keepalive{75};
    std::chrono::seconds keepaliveTimeout{20};
    std::chrono::milliseconds firstReconnect{250};
    std::chrono::milliseconds lastReconnect{5000};
};

/// What a server allows one connection; it lasts for the server's life.
struct ServerLimits {
    std::size_t maxMessageBytes = kMaxMessageBytes;
    std::size_t maxMetadataBytes = 16 << 10;
    int maxStreamsPerConnection = 256;
    /// Threads of all services that are written in the synchronous way; calls above it are refused,
    /// not queued.
    int maxThreads = 256;
    std::chrono::milliseconds handshakeTimeout{5000};
    /// Fabric's clients ask for a sign of life every minute, also without calls; a little less, for
    /// clocks differ.
    std::chrono::seconds leastClientKeepalive{50};
    std::chrono::seconds keepalive{2 * 3600};
    std::chrono::seconds keepaliveTimeout{20};
    std::chrono::seconds maxIdle{15 * 60};
    /// No new calls on a connection older than this; those that run go on.
    std::chrono::seconds maxAge{24 * 3600};
};

}  // namespace chancery::rpc
