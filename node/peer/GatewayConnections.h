#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "src/base/Status.h"
#include "src/identity/Msp.h"
#include "src/rpc/Options.h"
#include "src/rpc/Tls.h"

namespace grpc {
class Channel;
}

namespace chancery::node {

/// PEM of the TLS CAs of an organisation: who may vouch for its nodes.
std::string tlsRootsOf(const identity::Msp& msp);

/// The connections of this peer to peers and orderers, each made once and kept. Thread-safe.
class GatewayConnections {
public:
    /// `own` is shown to servers that ask for a certificate.
    explicit GatewayConnections(std::optional<rpc::TlsIdentity> own, rpc::ClientLimits limits = {});
    ~GatewayConnections();

    const std::optional<rpc::TlsIdentity>& own() const { return m_own; }
    /// Does not wait for the connection. INVALID_ARGUMENT: BAD_ENDPOINT and what checkTls says.
    Result<std::shared_ptr<grpc::Channel>> to(const std::string& endpoint,
                                              const std::string& rootsPem);
    /// The next `to` dials anew, without the pauses of a connection that fails again and again.
    void forget(const std::string& endpoint);

private:
    using Key = std::pair<std::string, std::string>;
    const std::optional<rpc::TlsIdentity> m_own;
    const rpc::ClientLimits m_limits;
    std::mutex m_mutex;
    std::map<Key, std::shared_ptr<grpc::Channel>> m_channels;
};

}  // namespace chancery::node
