#include "src/client/GrpcConnector.h"

#include <grpcpp/channel.h>

#include "src/client/BroadcastClient.h"
#include "src/client/DeliverClient.h"
#include "src/client/DiscoveryClient.h"
#include "src/client/EndorserClient.h"
#include "src/client/GatewayClient.h"
#include "src/client/ParticipationClient.h"
#include "src/rpc/Channel.h"

namespace chancery::client {

using interfaces::NodeAddress;

GrpcConnector::GrpcConnector(std::optional<interfaces::TlsIdentity> identity)
    : m_identity(std::move(identity)) {}
GrpcConnector::~GrpcConnector() = default;

Result<std::shared_ptr<grpc::Channel>> GrpcConnector::channel(const NodeAddress& node) {
    const std::string key = node.endpoint + '\n' + node.serverName + '\n' + node.tlsRootsPem;
    const std::lock_guard lock(m_mutex);
    auto& known = m_channels[key];
    if (known) return known;
    ASSIGN_OR_RETURN(const auto endpoint, rpc::parseEndpoint(node.endpoint));
    rpc::ClientTls tls{.rootsPem = node.tlsRootsPem, .identity = {}, .serverName = node.serverName};
    if (m_identity)
        tls.identity = rpc::TlsIdentity{.certificatePem = m_identity->certificatePem,
                                        .keyPem = m_identity->keyPem};
    ASSIGN_OR_RETURN(known, rpc::makeChannel(endpoint, tls));
    return known;
}

Result<std::shared_ptr<interfaces::Endorser>> GrpcConnector::endorser(const NodeAddress& peer) {
    ASSIGN_OR_RETURN(auto connection, channel(peer));
    return makeEndorserClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Ordering>> GrpcConnector::ordering(const NodeAddress& orderer) {
    ASSIGN_OR_RETURN(auto connection, channel(orderer));
    return makeBroadcastClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Delivery>> GrpcConnector::peerDelivery(const NodeAddress& peer) {
    ASSIGN_OR_RETURN(auto connection, channel(peer));
    return makePeerDeliverClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Delivery>> GrpcConnector::ordererDelivery(
    const NodeAddress& orderer) {
    ASSIGN_OR_RETURN(auto connection, channel(orderer));
    return makeOrdererDeliverClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Gateway>> GrpcConnector::gateway(const NodeAddress& peer) {
    ASSIGN_OR_RETURN(auto connection, channel(peer));
    return makeGatewayClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Discovery>> GrpcConnector::discovery(const NodeAddress& peer) {
    ASSIGN_OR_RETURN(auto connection, channel(peer));
    return makeDiscoveryClient(std::move(connection));
}

Result<std::shared_ptr<interfaces::Participation>> GrpcConnector::participation(
    const NodeAddress& orderer, const interfaces::TlsIdentity& admin) {
    return makeParticipationClient(orderer, admin);
}

}  // namespace chancery::client
