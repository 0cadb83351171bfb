#include "node/runtime/NodeConfig.h"

#include "node/runtime/CaConfig.h"
#include "node/runtime/ConfigReader.h"
#include "node/runtime/TokenConfig.h"
#include "src/rpc/Endpoint.h"

namespace chancery::node {
namespace {

ListenAddress readListen(ConfigSection& section, const std::string& name,
                         const std::string& otherwise) {
    const std::string text = section.text(name, otherwise);
    const auto endpoint = rpc::parseEndpoint(text);
    if (endpoint.ok() && !endpoint->isUnix())
        return {.host = endpoint->host, .port = endpoint->port};
    // Any free port is no address that somebody else could use.
    if (text.ends_with(":0")) {
        if (const auto there = rpc::parseEndpoint(text.substr(0, text.size() - 1) + "1");
            there.ok() && !there->isUnix())
            return {.host = there->host, .port = 0};
    }
    section.fail(name, "must be host:port");
    return {};
}

std::optional<HttpSettings> readHttp(ConfigSection& config, const std::string& name) {
    ConfigSection section = config.section(name);
    if (!config.has(name)) return std::nullopt;
    return HttpSettings{.listen = readListen(section, "listen", "127.0.0.1:0"),
                        .clientRoots = section.paths("clientRoots")};
}

void readPeer(ConfigSection& config, NodeConfig& to) {
    to.externalEndpoint = config.text("externalEndpoint");
    for (ConfigSection& peer : config.sections("peers"))
        to.peers.push_back(
            {.mspId = MspId(peer.required("mspId")), .endpoint = peer.required("endpoint")});
    ConfigSection chaincode = config.section("chaincode");
    ChaincodeSettings& contracts = to.chaincode;
    contracts.listen = readListen(chaincode, "listen", "127.0.0.1:0");
    contracts.executeTimeout =
        std::chrono::milliseconds(chaincode.number("executeTimeoutMs", 30'000));
    contracts.nodeProgram = chaincode.path("nodeProgram");
    contracts.nodeModules = chaincode.path("nodeModules");
    contracts.scriptProgram = chaincode.path("scriptProgram");
    contracts.allowPlaintext = chaincode.flag("allowPlaintext", false);
    contracts.acceptsUnlaunched = chaincode.flag("acceptUnlaunched", false);
    if (contracts.executeTimeout.count() == 0)
        chaincode.fail("executeTimeoutMs", "must be more than nothing");
}

void readLog(ConfigSection& config, NodeConfig& to) {
    ConfigSection section = config.section("log");
    auto spec = log::LogSpec::parse(section.text("spec", "info"));
    if (spec.ok())
        to.logSpec = *std::move(spec);
    else
        section.fail("spec", std::string(messageOf(spec.status())));
    const std::string form = section.text("form", "text");
    if (form != "text" && form != "json") section.fail("form", "must be text or json");
    to.logForm = form == "json" ? log::Form::Json : log::Form::Text;
}

}  // namespace

std::string_view nameOf(NodeKind kind) {
    switch (kind) {
        case NodeKind::Peer:
            return "peer";
        case NodeKind::Orderer:
            return "orderer";
        case NodeKind::Ca:
            return "ca";
    }
    return "";
}

Result<NodeConfig> readNodeConfig(NodeKind kind, const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(ConfigSection config, ConfigSection::read(file));
    NodeConfig to;
    to.kind = kind;
    to.data = config.requiredPath("data");
    to.listen = readListen(config, "listen", "127.0.0.1:0");
    if (kind == NodeKind::Ca) {
        to.operations = readHttp(config, "operations");
        readLog(config, to);
        readCas(config, to);
        RETURN_IF_ERROR(config.finish());
        return to;
    }
    to.mspId = MspId(config.required("mspId"));
    to.msp = config.requiredPath("msp");
    to.token = readTokenKey(config, "mspKey");
    if (!to.token && config.has("mspKey"))
        config.fail("mspKey", "must begin with pkcs11:; a key in a file belongs into keystore");
    ConfigSection tls = config.section("tls");
    to.tlsCertificate = tls.requiredPath("certificate");
    to.tlsKey = tls.requiredPath("key");
    to.tlsClientRoots = tls.paths("clientRoots");
    to.operations = readHttp(config, "operations");
    readLog(config, to);
    if (kind == NodeKind::Orderer)
        to.admin = readHttp(config, "admin");
    else
        readPeer(config, to);
    RETURN_IF_ERROR(config.finish());
    return to;
}

std::string describeConfig(NodeKind kind) {
    if (kind == NodeKind::Ca) return describeCaConfig();
    std::string text =
        "mspId: Org1MSP                # of the organisation\n"
        "msp: msp                      # folder with signcerts and keystore\n"
        "# mspKey: pkcs11:token=peers  # optional: the identity's key is in a token, found by\n"
        "#                             # the certificate or by object= and id=\n"
        "# token: {module: /usr/lib/softhsm/libsofthsm2.so, sha256: …, pinFile: pin}\n"
        "data: data                    # ledgers; made when it is missing\n"
        "listen: 127.0.0.1:7051        # gRPC; port 0: any free one\n"
        "tls:\n"
        "  certificate: tls/server.crt\n"
        "  key: tls/server.key\n"
        "  clientRoots: [ca.crt]       # optional: callers must show a certificate of these\n"
        "operations:                   # optional: /healthz, /metrics, /logspec, /version\n"
        "  listen: 127.0.0.1:9443\n"
        "  clientRoots: [ca.crt]       # who may see metrics and set log levels\n"
        "log:\n"
        "  spec: info                  # room=level:level\n"
        "  form: text                  # or json\n";
    if (kind == NodeKind::Orderer)
        return text +
               "admin:                        # channel participation: what osnadmin calls\n"
               "  listen: 127.0.0.1:7053\n"
               "  clientRoots: [ca.crt]       # who may call it\n";
    return text +
           "externalEndpoint: peer0:7051  # how others reach it, when not where it listens\n"
           "peers:                        # optional: others to learn peers from\n"
           "  - {mspId: Org2MSP, endpoint: 'peer0.org2:7051'}\n"
           "chaincode:\n"
           "  listen: 127.0.0.1:0         # where contracts dial in that the peer has started\n"
           "  executeTimeoutMs: 30000\n"
           "  nodeProgram: /usr/bin/node  # for contracts of type node; else found in PATH\n"
           "  nodeModules: node_modules   # for those that do not bring fabric-shim\n"
           "  scriptProgram: chancery-contract   # else the one beside this program\n"
           "  allowPlaintext: false       # contracts as a service elsewhere without TLS\n"
           "  acceptUnlaunched: false     # contracts that a developer started may register\n";
}

}  // namespace chancery::node
