#include "node/orderer/OrdererRole.h"
#include "node/runtime/Parts.h"

namespace chancery::node {

Result<std::unique_ptr<Role>> makeOrderer(const NodeConfig& config, NodeParts& parts) {
    OrdererConfig orderer;
    orderer.dataFolder = config.data;
    orderer.listen = {.host = config.listen.host, .port = config.listen.port, .socketPath = {}};
    ASSIGN_OR_RETURN(orderer.tls, serverTls(config, parts));
    orderer.identity = parts.identity;
    if (config.admin) {
        ASSIGN_OR_RETURN(orderer.admin,
                         httpOptions(*config.admin, parts, http::ClientCertificates::Required));
    }
    orderer.metrics = &parts.metrics;
    orderer.flow = &parts.flow;
    return std::make_unique<OrdererRole>(std::move(orderer));
}

}  // namespace chancery::node
