#include "ui/app/Connections.h"

#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/client/FabricNode.h"
#include "src/client/GrpcConnector.h"
#include "src/client/HostConnector.h"

namespace chancery::ui {
namespace {

constexpr std::uint64_t kMaxPem = 1U << 20;

/// By Fabric's own protocols, as the administrator of the node's organisation.
Result<std::shared_ptr<interfaces::Node>> plainNode(interfaces::Connector& connector,
                                                    const usecase::NetworkFolder& network,
                                                    const usecase::NetworkNode& node) {
    const auto& organisation = network.organisations()[node.organisation];
    const auto admin = organisation.user("Admin");
    client::FabricNodeAccess access;
    access.isPeer = node.isPeer;
    access.mspId = organisation.plan().mspId;
    for (const auto& channel : network.topology().channels) access.channels.push_back(channel.name);
    ASSIGN_OR_RETURN(access.address, network.address(node));
    ASSIGN_OR_RETURN(access.operations, network.address(node, "operations"));
    if (!node.isPeer) {
        ASSIGN_OR_RETURN(access.participation, network.address(node, "admin"));
    }
    ASSIGN_OR_RETURN(access.identity, identity::loadSigningIdentity(admin / "msp", access.mspId));
    interfaces::TlsIdentity tls;
    ASSIGN_OR_RETURN(tls.certificatePem, readFile(admin / "tls/client.crt", kMaxPem));
    ASSIGN_OR_RETURN(tls.keyPem, readFile(admin / "tls/client.key", kMaxPem));
    access.tls = tls;
    access.limits = "read and monitor only: a node of Fabric has no admin API";
    return client::makeFabricNode(connector, std::move(access));
}

}  // namespace

struct Connections::Parts {
    client::HostConnector hosts;
    client::GrpcConnector nodes;
    client::CaClient cas;
    usecase::NetworkConnectors connectors{.hosts = hosts,
                                          .nodes = nodes,
                                          .cas = cas,
                                          .plainNode = [this](const usecase::NetworkFolder& network,
                                                              const usecase::NetworkNode& node) {
                                              return plainNode(nodes, network, node);
                                          }};
};

Connections::Connections() : m_parts(std::make_unique<Parts>()) {}
Connections::~Connections() = default;

const usecase::NetworkConnectors& Connections::connectors() const {
    return m_parts->connectors;
}

}  // namespace chancery::ui
