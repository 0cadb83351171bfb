#include "node/ca/CaRole.h"
#include "node/runtime/Parts.h"

namespace chancery::node {

Result<std::unique_ptr<Role>> makeCa(const NodeConfig& config, NodeParts& parts) {
    CaServerOptions options;
    options.server.host = config.listen.host;
    options.server.port = config.listen.port;
    options.server.tls.certificatePem = parts.tls.certificatePem;
    options.server.tls.keyPem = parts.tls.keyPem;
    options.cas = config.cas;
    options.version = std::string("v") + CHANCERY_VERSION;
    ASSIGN_OR_RETURN(auto role, CaRole::open(std::move(options), parts.metrics, config.data,
                                             config.serverHosts));
    parts.tls.certificatePem = role->tls().certificatePem;
    parts.tls.keyPem = role->tls().keyPem;
    return role;
}

}  // namespace chancery::node
