#pragma once

// For the sources of this folder: what a configuration means in the terms of the roles.
#include <memory>
#include <string>

#include "node/role/FlowEvents.h"
#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "node/runtime/NodeConfig.h"
#include "src/http/Server.h"
#include "src/identity/SigningIdentity.h"
#include "src/rpc/Server.h"

namespace chancery::node {

/// What a role is given besides its settings; outlives it.
struct NodeParts {
    identity::SigningIdentityPtr identity;
    crypto::SignerPtr key;  ///< of that identity when it is in a token; else null
    rpc::TlsIdentity tls;
    Metrics metrics;
    FlowEvents flow;
};

/// The files of the configuration. Errors of loadSigningIdentity, openTokenSigner and
/// readFile.
Result<std::unique_ptr<NodeParts>> loadParts(const NodeConfig& config);

Result<rpc::ServerTls> serverTls(const NodeConfig& config, const NodeParts& parts);
Result<http::ServerOptions> httpOptions(const HttpSettings& settings, const NodeParts& parts,
                                        http::ClientCertificates clients);

Result<std::unique_ptr<Role>> makeOrderer(const NodeConfig& config, NodeParts& parts);
Result<std::unique_ptr<Role>> makePeer(const NodeConfig& config, NodeParts& parts);
/// Also fills in `parts.tls`, which it may make itself.
Result<std::unique_ptr<Role>> makeCa(const NodeConfig& config, NodeParts& parts);

}  // namespace chancery::node
