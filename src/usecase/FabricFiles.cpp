#include "src/usecase/FabricFiles.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace chancery::usecase {
namespace {

using interfaces::NodePlan;

std::string yamlText(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct Place {
    std::string host, port, both;
};

Result<Place> placeOf(const NetworkNode& node, const std::string& name) {
    const auto found = node.endpoints.find(name);
    const std::string text = found == node.endpoints.end() ? std::string() : found->second;
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || text.substr(colon) == ":0")
        return makeError(StatusCode::kFailedPrecondition, "PORT_NEEDED",
                         fmt::format("{} needs a fixed port for {}: Fabric's programs do not tell "
                                     "which one they have chosen",
                                     node.name, name),
                         {{"node", node.name}, {"endpoint", name}});
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return Place{.host = host, .port = text.substr(colon + 1), .both = text};
}

std::string tlsYaml(std::string_view indent, bool orderer) {
    if (orderer)
        return fmt::format(
            "{0}TLS:\n{0}  Enabled: true\n{0}  PrivateKey: tls/server.key\n"
            "{0}  Certificate: tls/server.crt\n{0}  RootCAs: [tls/ca.crt]\n"
            "{0}  ClientAuthRequired: false\n",
            indent);
    return fmt::format(
        "{0}tls:\n{0}  enabled: true\n{0}  clientAuthRequired: false\n"
        "{0}  cert: {{file: tls/server.crt}}\n{0}  key: {{file: tls/server.key}}\n"
        "{0}  rootcert: {{file: tls/ca.crt}}\n",
        indent);
}

Result<std::string> ordererYaml(const NetworkNode& node, const OrganisationPlan& owner,
                                const std::string& logSpec) {
    ASSIGN_OR_RETURN(const Place grpc, placeOf(node, "grpc"));
    ASSIGN_OR_RETURN(const Place admin, placeOf(node, "admin"));
    ASSIGN_OR_RETURN(const Place operations, placeOf(node, "operations"));
    std::string text = fmt::format(
        "# logging: FABRIC_LOGGING_SPEC={}\nGeneral:\n  ListenAddress: {}\n  ListenPort: {}\n",
        logSpec, yamlText(grpc.host), grpc.port);
    text += tlsYaml("  ", true);
    text += fmt::format(
        "  Keepalive: {{ServerMinInterval: 60s, ServerInterval: 7200s, ServerTimeout: 20s}}\n"
        "  Cluster: {{SendBufferSize: 100}}\n"
        "  BootstrapMethod: none\n"
        "  LocalMSPDir: msp\n  LocalMSPID: {}\n"
        "  BCCSP:\n    Default: SW\n    SW: {{Hash: SHA2, Security: 256, FileKeyStore: {{}}}}\n"
        "  Authentication: {{TimeWindow: 15m}}\n"
        "FileLedger:\n  Location: data\n"
        "Consensus:\n  WALDir: data/etcdraft/wal\n  SnapDir: data/etcdraft/snapshot\n",
        yamlText(owner.mspId.str()));
    for (const auto& [section, place] :
         {std::pair{"Operations", operations}, std::pair{"Admin", admin}})
        text += fmt::format(
            "{0}:\n  ListenAddress: {1}\n  TLS:\n    Enabled: true\n"
            "    PrivateKey: tls/server.key\n    Certificate: tls/server.crt\n"
            "    ClientAuthRequired: {2}\n    ClientRootCAs: [tls/ca.crt]\n"
            "    RootCAs: [tls/ca.crt]\n",
            section, yamlText(place.both), std::string_view(section) == "Admin");
    text +=
        "Metrics:\n  Provider: prometheus\n"
        "ChannelParticipation:\n  Enabled: true\n  MaxRequestBodySize: 10 MB\n";
    return text;
}

Result<std::string> coreYaml(const NetworkNode& node, const OrganisationPlan& owner) {
    ASSIGN_OR_RETURN(const Place grpc, placeOf(node, "grpc"));
    ASSIGN_OR_RETURN(const Place chaincode, placeOf(node, "chaincode"));
    ASSIGN_OR_RETURN(const Place operations, placeOf(node, "operations"));
    std::string text = fmt::format(
        "peer:\n  id: {0}\n  networkId: chancery\n  listenAddress: {1}\n  address: {1}\n"
        "  addressAutoDetect: false\n  chaincodeListenAddress: {2}\n  chaincodeAddress: {2}\n"
        "  localMspId: {3}\n  mspConfigPath: msp\n  fileSystemPath: data\n",
        yamlText(node.name), yamlText(grpc.both), yamlText(chaincode.both),
        yamlText(owner.mspId.str()));
    text += tlsYaml("  ", false);
    text += fmt::format(
        "  keepalive:\n    interval: 7200s\n    timeout: 20s\n    minInterval: 60s\n"
        "    client: {{interval: 60s, timeout: 20s}}\n"
        "    deliveryClient: {{interval: 60s, timeout: 20s}}\n"
        "  gossip:\n    bootstrap: {0}\n    endpoint: {0}\n    externalEndpoint: {0}\n"
        // Every peer fetches blocks itself: no election, and nothing to wait for at a start.
        "    useLeaderElection: false\n    orgLeader: true\n    state: {{enabled: false}}\n"
        "    pvtData:\n      pullRetryThreshold: 60s\n      transientstoreMaxBlockRetention: 1000\n"
        "      pushAckTimeout: 3s\n      btlPullMargin: 10\n      reconcileBatchSize: 10\n"
        "      reconcileSleepInterval: 10s\n      reconciliationEnabled: true\n"
        "      skipPullingInvalidTransactionsDuringCommit: false\n"
        "      implicitCollectionDisseminationPolicy: {{requiredPeerCount: 0, maxPeerCount: 1}}\n"
        "  authentication: {{timewindow: 15m}}\n"
        "  BCCSP:\n    Default: SW\n    SW: {{Hash: SHA2, Security: 256, FileKeyStore: {{}}}}\n"
        "  client: {{connTimeout: 3s}}\n"
        "  deliveryclient:\n    blockGossipEnabled: false\n    reconnectTotalTimeThreshold: 3600s\n"
        "    connTimeout: 3s\n    reConnectBackoffThreshold: 5s\n"
        "  localMspType: bccsp\n"
        "  handlers:\n    authFilters:\n      - {{name: DefaultAuth}}\n"
        "      - {{name: ExpirationCheck}}\n    decorators:\n      - {{name: DefaultDecorator}}\n"
        "    endorsers: {{escc: {{name: DefaultEndorsement}}}}\n"
        "    validators: {{vscc: {{name: DefaultValidation}}}}\n"
        "  validatorPoolSize: 0\n"
        "  discovery: {{enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, "
        "authCachePurgeRetentionRatio: 0.75, orgMembersAllowedAccess: false}}\n"
        "  limits: {{concurrency: {{endorserService: 2500, deliverService: 2500, gatewayService: "
        "500}}}}\n"
        "  gateway: {{enabled: true, endorsementTimeout: 30s, broadcastTimeout: 30s, "
        "dialTimeout: 2m}}\n",
        yamlText(grpc.both));
    text +=
        "vm: {endpoint: \"\"}\n"
        "chaincode:\n  id: {path: \"\", name: \"\"}\n"
        "  externalBuilders:\n"
        "    - {name: chancery, path: builders/chancery, propagateEnvironment: [HOME, "
        "CHANCERY_CONTRACT]}\n"
        "    - {name: ccaas_builder, path: builders/ccaas, propagateEnvironment: [HOME]}\n"
        "  installTimeout: 300s\n  startuptimeout: 300s\n  executetimeout: 30s\n  mode: net\n"
        "  keepalive: 0\n"
        "  system: {_lifecycle: enable, cscc: enable, lscc: enable, qscc: enable}\n"
        "  logging: {level: info, shim: warning, format: \"%{message}\"}\n"
        "ledger:\n  blockchain: {}\n"
        "  state: {stateDatabase: goleveldb, totalQueryLimit: 100000}\n"
        "  history: {enableHistoryDatabase: true}\n"
        "  pvtdataStore: {collElgProcMaxDbBatchSize: 5000, collElgProcDbBatchesInterval: 1000, "
        "deprioritizedDataReconcilerInterval: 60m, purgeInterval: 100, "
        "purgedKeyAuditLogging: true}\n"
        // The one path that must be absolute: the agent sets CORE_LEDGER_SNAPSHOTS_ROOTDIR.
        "  snapshots: {rootDir: data/snapshots}\n";
    text += fmt::format(
        "operations:\n  listenAddress: {}\n  tls:\n    enabled: true\n"
        "    cert: {{file: tls/server.crt}}\n    key: {{file: tls/server.key}}\n"
        "    clientAuthRequired: false\n    clientRootCAs: {{files: [tls/ca.crt]}}\n"
        "metrics: {{provider: prometheus}}\n",
        yamlText(operations.both));
    return text;
}

// Builders get: detect SOURCE METADATA; build SOURCE METADATA OUTPUT; release OUTPUT RELEASE;
// run OUTPUT RUNMETADATA. They are shell scripts, because a host has a shell and nothing else is
// certain.

/// Of packages of type `type`; metadata.json has one short line.
std::string detectScript(std::string_view type) {
    return fmt::format(
        "#!/bin/sh\nset -eu\ntr -d ' \\t\\r\\n' <\"$2/metadata.json\" | grep -q "
        "'\"type\":\"{}\"'\n",
        type);
}

constexpr std::string_view kCopyBuild =
    "#!/bin/sh\nset -eu\ncp -R \"$1/.\" \"$3/\"\n"
    "if [ -d \"$1/META-INF\" ]; then mkdir -p \"$3/META-INF\"; fi\n";
constexpr std::string_view kIndexRelease =
    "#!/bin/sh\nset -eu\nif [ -d \"$1/META-INF/statedb\" ]; then mkdir -p \"$2\" && cp -R "
    "\"$1/META-INF/statedb\" \"$2/\"; fi\n";
constexpr std::string_view kCcaasRelease =
    "#!/bin/sh\nset -eu\nmkdir -p \"$2/chaincode/server\"\n"
    "cp \"$1/connection.json\" \"$2/chaincode/server/connection.json\"\n"
    "if [ -d \"$1/META-INF/statedb\" ]; then cp -R \"$1/META-INF/statedb\" \"$2/\"; fi\n";
/// chaincode.json in the run metadata is one line with the peer's address, the package's id and
/// PEM texts; our contract host takes them where the npm shim does.
constexpr std::string_view kContractRun = R"sh(#!/bin/sh
set -eu
umask 077
field() { tr -d '\n' <"$data" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
data="$2/chaincode.json"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
export CORE_PEER_LOCALMSPID="$(field mspid)"
if [ -n "$(field client_key)" ]; then
    printf '%b' "$(field client_key)" | base64 >"$keys/key"
    printf '%b' "$(field client_cert)" | base64 >"$keys/cert"
    printf '%b' "$(field root_cert)" >"$keys/root"
    export CORE_PEER_TLS_ENABLED=true CORE_TLS_CLIENT_KEY_PATH="$keys/key"
    export CORE_TLS_CLIENT_CERT_PATH="$keys/cert" CORE_PEER_TLS_ROOTCERT_FILE="$keys/root"
fi
code="$1"
if [ -f "$code/src/package.json" ]; then code="$code/src"; fi
"${CHANCERY_CONTRACT:-chancery-contract}" --package "$code" --detached \
    --peer.address "$(field peer_address)" --chaincode-id-name "$(field chaincode_id)" &
child=$!
trap 'kill "$child"' TERM INT
wait "$child"
)sh";

void addBuilder(NodePlan& plan, const std::string& name, std::string_view type,
                std::string_view release, std::string_view run) {
    const auto add = [&](const char* step, std::string_view text) {
        plan.files.push_back(
            {.path = "builders/" + name + "/bin/" + step, .content = Bytes(text), .secret = false});
    };
    add("detect", detectScript(type));
    add("build", kCopyBuild);
    add("release", release);
    if (!run.empty()) add("run", run);
}

}  // namespace

Status addFabricSettings(const NetworkFolder& network, const NetworkNode& node, NodePlan& plan) {
    const OrganisationPlan& owner = network.organisations()[node.organisation].plan();
    if (!node.isPeer) {
        ASSIGN_OR_RETURN(std::string text, ordererYaml(node, owner, network.plan().logSpec));
        plan.files.push_back({.path = "orderer.yaml", .content = std::move(text), .secret = false});
        return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(std::string text, coreYaml(node, owner));
    plan.files.push_back({.path = "core.yaml", .content = std::move(text), .secret = false});
    addBuilder(plan, "ccaas", "ccaas", kCcaasRelease, {});
    addBuilder(plan, "chancery", "chancery", kIndexRelease, kContractRun);
    return absl::OkStatus();
}

}  // namespace chancery::usecase
