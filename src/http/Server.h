#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/http/Message.h"

namespace chancery::http {

/// What a server does about certificates of clients.
enum class ClientCertificates {
    Optional,  ///< asked for; one that is shown must lead to one of the roots
    Required
};

struct ServerTls {
    std::string certificatePem;  ///< own certificate first, then intermediates, if any
    std::string keyPem;          ///< secret; unencrypted
    ClientCertificates clients = ClientCertificates::Optional;
    /// Who may vouch for clients. Optional without roots: no certificate is asked for.
    std::string clientRootsPem;
};

struct ServerLimits {
    std::size_t maxBodyBytes = 1U << 20;    ///< after unpacking; more is answered with 413
    std::size_t maxHeaderBytes = 16 << 10;  ///< of a request; more ends the connection
    std::size_t maxParts = 16;
    std::size_t maxConnections = 64;          ///< one thread each; further ones wait at the door
    std::chrono::seconds requestTimeout{30};  ///< handshake, or request until its last byte
    std::chrono::seconds silence{5};  ///< within a request, and of a connection that is kept open
};

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    ServerTls tls;
    ServerLimits limits;
};

/// Called on the connection's thread, several at once; may block. Must not throw.
using Handler = std::function<Response(const Request&)>;

/// An HTTP/1.1 server over TLS 1.2 or later; there is none without TLS. Every method, path and
/// malformed request reaches the handler or is answered with 400, 413 or 414.
class Server {
public:
    /// INVALID_ARGUMENT: BAD_CERTIFICATE, BAD_KEY, KEY_MISMATCH, NO_ROOTS; UNAVAILABLE
    /// (CANNOT_LISTEN) when the address is taken or not ours.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
    /// Stops at once.
    ~Server();

    const std::string& host() const;
    std::uint16_t port() const;
    /// "host:port" with the real port.
    std::string endpoint() const;

    /// Takes no more connections, lets requests that run end until the deadline, then cuts them
    /// off. Further calls do nothing.
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::http
