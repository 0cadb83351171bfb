#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "src/interfaces/Discovery.h"
#include "src/interfaces/Nodes.h"

namespace grpc {
class Channel;
}

namespace chancery::client {

/// Connections over gRPC and HTTPS. Errors when one is made are those of rpc::makeChannel and
/// http::Client::make; nothing is sent before the first call.
class GrpcConnector final : public interfaces::Connector, public interfaces::DiscoveryConnector {
public:
    /// `identity` is shown to peers and orderers that ask for a certificate.
    explicit GrpcConnector(std::optional<interfaces::TlsIdentity> identity = std::nullopt);
    ~GrpcConnector() override;

    Result<std::shared_ptr<interfaces::Endorser>> endorser(
        const interfaces::NodeAddress& peer) override;
    Result<std::shared_ptr<interfaces::Ordering>> ordering(
        const interfaces::NodeAddress& orderer) override;
    Result<std::shared_ptr<interfaces::Delivery>> peerDelivery(
        const interfaces::NodeAddress& peer) override;
    Result<std::shared_ptr<interfaces::Delivery>> ordererDelivery(
        const interfaces::NodeAddress& orderer) override;
    Result<std::shared_ptr<interfaces::Gateway>> gateway(
        const interfaces::NodeAddress& peer) override;
    Result<std::shared_ptr<interfaces::Participation>> participation(
        const interfaces::NodeAddress& orderer, const interfaces::TlsIdentity& admin) override;

    Result<std::shared_ptr<interfaces::Discovery>> discovery(
        const interfaces::NodeAddress& peer) override;

    /// The connection itself, for services that have no interface here.
    Result<std::shared_ptr<grpc::Channel>> channel(const interfaces::NodeAddress& node);

private:
    const std::optional<interfaces::TlsIdentity> m_identity;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<grpc::Channel>> m_channels;
};

}  // namespace chancery::client
