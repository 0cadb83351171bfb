#include "node/runtime/NodeConfig.h"

#include "node/runtime/CaConfig.h"
#include "node/runtime/ConfigReader.h"
#include "node/runtime/Settings.h"
#include "node/runtime/TokenConfig.h"
#include "src/rpc/Endpoint.h"

namespace chancery::node {
namespace {

ListenAddress readListen(ConfigSection& section, const std::string& name) {
    const std::string text = section.text(name);
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
    return HttpSettings{.listen = readListen(section, "listen"),
                        .clientRoots = section.paths("clientRoots")};
}

void readPeer(ConfigSection& config, NodeConfig& to) {
    to.externalEndpoint = config.text("externalEndpoint");
    for (ConfigSection& peer : config.sections("peers"))
        to.peers.push_back(
            {.mspId = MspId(peer.required("mspId")), .endpoint = peer.required("endpoint")});
    for (ConfigSection& orderer : config.sections("orderers"))
        to.orderers.push_back(
            {.address = orderer.required("address"), .reachedAt = orderer.required("reachedAt")});
    ConfigSection chaincode = config.section("chaincode");
    ChaincodeSettings& contracts = to.chaincode;
    contracts.listen = readListen(chaincode, "listen");
    contracts.executeTimeout = std::chrono::milliseconds(chaincode.number("executeTimeoutMs"));
    contracts.nodeProgram = chaincode.path("nodeProgram");
    contracts.nodeModules = chaincode.path("nodeModules");
    contracts.scriptProgram = chaincode.path("scriptProgram");
    contracts.allowPlaintext = chaincode.flag("allowPlaintext");
    contracts.acceptsUnlaunched = chaincode.flag("acceptUnlaunched");
    if (contracts.executeTimeout.count() == 0)
        chaincode.fail("executeTimeoutMs", "must be more than nothing");
}

void readLog(ConfigSection& config, NodeConfig& to) {
    ConfigSection section = config.section("log");
    auto spec = log::LogSpec::parse(section.text("spec"));
    if (spec.ok())
        to.logSpec = *std::move(spec);
    else
        section.fail("spec", std::string(messageOf(spec.status())));
    const std::string form = section.text("form");
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
    ASSIGN_OR_RETURN(ConfigSection config, ConfigSection::read(file, settingsOf(kind)));
    NodeConfig to;
    to.kind = kind;
    to.data = config.requiredPath("data");
    to.listen = readListen(config, "listen");
    to.adminSocket = config.path("adminSocket").lexically_normal();
    to.operations = readHttp(config, "operations");
    readLog(config, to);
    if (kind == NodeKind::Ca) {
        readCas(config, to);
        RETURN_IF_ERROR(config.finish());
        to.settings = config.effective();
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
    if (kind == NodeKind::Orderer)
        to.admin = readHttp(config, "admin");
    else
        readPeer(config, to);
    RETURN_IF_ERROR(config.finish());
    to.settings = config.effective();
    return to;
}

std::string describeConfig(NodeKind kind) {
    return describeSettings(settingsOf(kind));
}

}  // namespace chancery::node
