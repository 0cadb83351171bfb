#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "node/peer/PeerRole.h"
#include "node/runtime/Parts.h"
#include "src/base/Descriptor.h"

namespace chancery::node {
namespace {

/// A peer says where it is reached before it listens, so a free port is chosen beforehand. 0 when
/// the host is no IPv4 address; then the system chooses, and others must be told another way.
std::uint16_t freePort(const std::string& host) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return 0;
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (!socket || ::bind(socket.get(), name, size) != 0 ||
        ::getsockname(socket.get(), name, &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

}  // namespace

Result<std::unique_ptr<Role>> makePeer(const NodeConfig& config, NodeParts& parts) {
    PeerConfig peer;
    peer.mspId = config.mspId;
    peer.mspFolder = config.msp;
    peer.key = parts.key;
    peer.data = config.data;
    ASSIGN_OR_RETURN(const auto tls, serverTls(config, parts));
    const std::string& host = config.listen.host;
    const std::uint16_t port = config.listen.port != 0 ? config.listen.port : freePort(host);
    peer.listeners.push_back(
        {.endpoint = {.host = host, .port = port, .socketPath = {}}, .tls = tls});
    peer.clientTls = parts.tls;
    peer.mutualTls = tls.clients == rpc::ClientCertificates::Required;
    peer.externalEndpoint = config.externalEndpoint;
    for (const KnownPeerSettings& known : config.peers)
        peer.peers.push_back({.mspId = known.mspId, .endpoint = known.endpoint});
    for (const MovedOrdererSettings& moved : config.orderers)
        peer.orderers[moved.address] = {.address = moved.reachedAt, .rootsPem = {}};
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
