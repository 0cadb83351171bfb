#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/rpc/Endpoint.h"
#include "src/rpc/Options.h"
#include "src/rpc/Tls.h"

namespace grpc {
class Channel;
class Service;
}  // namespace grpc

namespace chancery::rpc {

class ByteService;

/// One address that a server listens at. TCP needs `tls`, a unix socket must not have it.
struct Listener {
    Endpoint endpoint;  ///< port 0: any free one
    std::optional<ServerTls> tls;
};

struct ServerOptions {
    std::vector<Listener> listeners;  ///< none: only inProcessChannel leads here
    ServerLimits limits;
    /// Takes every call that no service has; may be null, and must outlive the server.
    ByteService* others = nullptr;
};

/// A running gRPC server. Nothing is accepted that is not needed: plaintext, TLS below 1.2,
/// compressed messages.
class Server {
public:
    /// The services must outlive the server. Errors as checkTls; INVALID_ARGUMENT: TLS_REQUIRED,
    /// TLS_WITHOUT_USE; UNAVAILABLE (CANNOT_LISTEN) when an address is taken or not ours;
    /// FAILED_PRECONDITION (SOCKET_FOLDER_OPEN) when others than the user may enter the folder of a
    /// unix socket.
    static Result<std::unique_ptr<Server>> start(ServerOptions options,
                                                 const std::vector<grpc::Service*>& services);
    /// Stops at once.
    ~Server();

    /// Where it listens, in the order of the options, with the real port.
    const std::vector<Endpoint>& endpoints() const;
    /// A channel without a socket; has no certificate. The server must outlive it.
    std::shared_ptr<grpc::Channel> inProcessChannel(const ClientLimits& limits = {});

    /// Takes no more calls and lets unary ones that run go on until the deadline, then cancels
    /// them. Streams have no end of their own: a moment after the last unary call those that their
    /// services have not ended are cancelled, and connections that clients keep are closed.
    /// Further calls do nothing.
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::rpc
