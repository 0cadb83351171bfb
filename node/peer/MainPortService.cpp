#include "node/peer/MainPortService.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/service_type.h>

#include "node/deliver/DeliverService.h"
#include "node/peer/DiscoveryService.h"
#include "node/peer/EndorserService.h"
#include "node/peer/GatewayService.h"
#include "node/peer/PrivateDataRendering.h"

namespace chancery::node {

struct MainPortService::Impl {
    std::unique_ptr<DeliverStreams> streams;
    std::unique_ptr<grpc::Service> endorser;
    std::unique_ptr<grpc::Service> deliver;
    std::unique_ptr<grpc::Service> snapshots;
    std::unique_ptr<GatewayService> gateway;
    std::unique_ptr<DiscoveryService> discovery;
    std::unique_ptr<rpc::Server> server;  // last: ends before its services
};

MainPortService::MainPortService(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
MainPortService::~MainPortService() {
    stop(deadlineIn({}));
}

Result<std::unique_ptr<MainPortService>> MainPortService::start(Parts parts) {
    auto impl = std::make_unique<Impl>();
    impl->streams = std::make_unique<DeliverStreams>(parts.deliver, parts.pool);
    impl->endorser = makeEndorserService(*parts.endorser);
    PeerDeliverRenderings renderings;
    renderings.withPrivateData = blocksWithPrivateData();
    impl->deliver = makePeerDeliverService(*impl->streams, std::move(renderings));
    impl->snapshots = makeSnapshotService(*parts.snapshots, *parts.pool);
    std::vector<grpc::Service*> services{impl->endorser.get(), impl->deliver.get(),
                                         impl->snapshots.get()};
    if (parts.gateway != nullptr) {
        impl->gateway = std::make_unique<GatewayService>(*parts.gateway, parts.gatewayConcurrency);
        services.push_back(&impl->gateway->service());
    }
    if (parts.discovery != nullptr) {
        impl->discovery = std::make_unique<DiscoveryService>(*parts.discovery);
        services.push_back(&impl->discovery->service());
    }
    ASSIGN_OR_RETURN(
        impl->server,
        rpc::Server::start({.listeners = std::move(parts.listeners), .limits = {}}, services));
    return std::unique_ptr<MainPortService>(new MainPortService(std::move(impl)));
}

std::vector<rpc::Endpoint> MainPortService::endpoints() const {
    return m_impl->server->endpoints();
}

rpc::Server& MainPortService::server() {
    return *m_impl->server;
}

void MainPortService::stop(Deadline deadline) {
    m_impl->streams->close();
    if (m_impl->gateway) m_impl->gateway->closeStreams();
    m_impl->server->stop(deadline);
}

}  // namespace chancery::node
