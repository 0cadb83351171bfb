#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/contract/ContractHost.h"
#include "src/base/Status.h"
#include "src/rpc/Tls.h"

namespace chancery::node::contract {

/// Serves a contract to every peer that dials (/protos.Chaincode/Connect).
class ContractServer {
public:
    /// "host:port", port 0: any. `tls` none: without TLS, as the npm shim does when no key is
    /// given. The host must outlive the server. Errors as rpc::Server::start.
    static Result<std::unique_ptr<ContractServer>> start(ContractHost& host,
                                                         const std::string& address,
                                                         const std::optional<rpc::ServerTls>& tls);
    /// Ends all streams.
    ~ContractServer();

    /// With the real port.
    const std::string& address() const;

private:
    struct Impl;
    explicit ContractServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Dials one peer (/protos.ChaincodeSupport/Register) and talks to it until the stream ends.
class PeerConnection {
public:
    struct Events {
        std::function<void()> ready;  ///< the peer accepted the contract
        /// Once, when the stream is over. Not called after the destructor began.
        std::function<void(const Status&)> ended;
    };
    /// `tls` none: without TLS. The host must outlive the connection. Errors as rpc::makeChannel.
    static Result<std::unique_ptr<PeerConnection>> start(ContractHost& host,
                                                         const std::string& address,
                                                         const std::optional<rpc::ClientTls>& tls,
                                                         Events events);
    ~PeerConnection();

private:
    struct Impl;
    explicit PeerConnection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node::contract
