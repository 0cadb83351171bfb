#include "node/peer/GatewayConnections.h"

#include "src/rpc/Channel.h"
#include "src/rpc/Endpoint.h"

namespace chancery::node {

std::string tlsRootsOf(const identity::Msp& msp) {
    std::string pem;
    for (const auto& certificate : msp.tlsRootCertificates()) pem += certificate.toPem();
    for (const auto& certificate : msp.tlsIntermediateCertificates()) pem += certificate.toPem();
    return pem;
}

GatewayConnections::GatewayConnections(std::optional<rpc::TlsIdentity> own,
                                       rpc::ClientLimits limits)
    : m_own(std::move(own)), m_limits(limits) {}
GatewayConnections::~GatewayConnections() = default;

Result<std::shared_ptr<grpc::Channel>> GatewayConnections::to(const std::string& endpoint,
                                                              const std::string& rootsPem) {
    const std::lock_guard lock(m_mutex);
    auto& channel = m_channels[{endpoint, rootsPem}];
    if (channel) return channel;
    ASSIGN_OR_RETURN(const rpc::Endpoint parsed, rpc::parseEndpoint(endpoint));
    std::optional<rpc::ClientTls> tls;
    if (!parsed.isUnix())
        tls = rpc::ClientTls{.rootsPem = rootsPem, .identity = m_own, .serverName = {}};
    ASSIGN_OR_RETURN(channel, rpc::makeChannel(parsed, tls, m_limits));
    return channel;
}

void GatewayConnections::forget(const std::string& endpoint) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_channels, [&](const auto& entry) { return entry.first.first == endpoint; });
}

}  // namespace chancery::node
