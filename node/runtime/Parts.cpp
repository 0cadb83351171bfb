#include "node/runtime/Parts.h"

#include "src/base/File.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMaxPem = 1U << 20;

Result<std::string> readAll(const std::vector<std::filesystem::path>& files) {
    std::string all;
    for (const auto& file : files) {
        ASSIGN_OR_RETURN(const Bytes pem, readFile(file, kMaxPem));
        all += pem;
        if (!all.ends_with('\n')) all += '\n';
    }
    return all;
}

Status loadIdentity(const NodeConfig& config, NodeParts& parts) {
    if (!config.token) {
        ASSIGN_OR_RETURN(parts.identity, identity::loadSigningIdentity(config.msp, config.mspId));
        return absl::OkStatus();
    }
    crypto::TokenPlace place = *config.token;
    if (place.key.id.empty() && place.key.label.empty()) {
        // As Fabric's own PKCS#11 provider finds it.
        ASSIGN_OR_RETURN(const auto certificate, identity::loadSigningCertificate(config.msp));
        place.key.id = certificate.publicKey().ski();
    }
    ASSIGN_OR_RETURN(parts.key, crypto::openTokenSigner(place));
    ASSIGN_OR_RETURN(parts.identity,
                     identity::loadSigningIdentity(config.msp, config.mspId, parts.key));
    return absl::OkStatus();
}

}  // namespace

Result<std::unique_ptr<NodeParts>> loadParts(const NodeConfig& config) {
    auto parts = std::make_unique<NodeParts>();
    if (config.kind == NodeKind::Ca && config.tlsCertificate.empty()) return parts;
    if (config.kind != NodeKind::Ca) RETURN_IF_ERROR(loadIdentity(config, *parts));
    ASSIGN_OR_RETURN(parts->tls.certificatePem, readFile(config.tlsCertificate, kMaxPem));
    ASSIGN_OR_RETURN(parts->tls.keyPem, readFile(config.tlsKey, kMaxPem));
    return parts;
}

Result<rpc::ServerTls> serverTls(const NodeConfig& config, const NodeParts& parts) {
    rpc::ServerTls tls;
    tls.identity = parts.tls;
    ASSIGN_OR_RETURN(tls.clientRootsPem, readAll(config.tlsClientRoots));
    tls.clients = config.tlsClientRoots.empty() ? rpc::ClientCertificates::Requested
                                                : rpc::ClientCertificates::Required;
    return tls;
}

Result<http::ServerOptions> httpOptions(const HttpSettings& settings, const NodeParts& parts,
                                        http::ClientCertificates clients) {
    http::ServerOptions options;
    options.host = settings.listen.host;
    options.port = settings.listen.port;
    options.tls.certificatePem = parts.tls.certificatePem;
    options.tls.keyPem = parts.tls.keyPem;
    options.tls.clients = clients;
    ASSIGN_OR_RETURN(options.tls.clientRootsPem, readAll(settings.clientRoots));
    return options;
}

}  // namespace chancery::node
