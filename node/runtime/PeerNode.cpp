#include "node/peer/PeerRole.h"
#include "node/runtime/Parts.h"

namespace chancery::node {

Result<std::unique_ptr<Role>> makePeer(const NodeConfig& config, NodeParts& parts) {
    PeerConfig peer;
    peer.mspId = config.mspId;
    peer.mspFolder = config.msp;
    peer.data = config.data;
    ASSIGN_OR_RETURN(const auto tls, serverTls(config, parts));
    peer.listeners.push_back(
        {.endpoint = {.host = config.listen.host, .port = config.listen.port, .socketPath = {}},
         .tls = tls});
    peer.clientTls = parts.tls;
    peer.mutualTls = tls.clients == rpc::ClientCertificates::Required;
    peer.externalEndpoint = config.externalEndpoint;
    for (const KnownPeerSettings& known : config.peers)
        peer.peers.push_back({.mspId = known.mspId, .endpoint = known.endpoint});
    ChaincodeOptions& contracts = peer.chaincode;
    contracts.listenHost = config.chaincode.listen.host;
    contracts.listenPort = config.chaincode.listen.port;
    contracts.executeTimeout = config.chaincode.executeTimeout;
    contracts.nodeProgram = config.chaincode.nodeProgram;
    contracts.nodeModules = config.chaincode.nodeModules;
    contracts.scriptProgram = config.chaincode.scriptProgram;
    contracts.allowPlaintext = config.chaincode.allowPlaintext;
    contracts.acceptsUnlaunched = config.chaincode.acceptsUnlaunched;
    return std::make_unique<PeerRole>(std::move(peer), parts.metrics, parts.flow);
}

}  // namespace chancery::node
