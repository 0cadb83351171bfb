#include "tests/support/MeridianNetwork.h"

namespace chancery::test {

using interfaces::LogLevel;

namespace {

constexpr std::int64_t kNow = 1773757927;  // 2026-03-17 14:32:07 UTC
constexpr double kUptime = (9 * 24 + 4) * 3600;
constexpr BlockNumber kSettlement = 1'204'213, kLoyalty = 312'907;

interfaces::NodeChannel channelAt(const char* name, BlockNumber height, const char* relation) {
    interfaces::NodeChannel channel;
    channel.channel = ChannelId(name);
    channel.height = height;
    channel.lastBlockHash = std::string(name) + std::to_string(height);
    channel.relation = relation;
    channel.status = "active";
    return channel;
}

}  // namespace

MeridianNetwork::MeridianNetwork() {
    network.name = "Meridian Clearing";
    addHost("This computer", 16, 14.2e9, 212e9, 500e9);
    addHost("rb-node-01.riverbank.example", 8, 6.4e9, 37e9, 64e9);
    addHost("rb-node-02.riverbank.example", 8, 3.1e9, 4.1e9, 64e9);
    addHost("reg-node-01.regulator.example", 4, 9.0e9, 80e9, 120e9);

    const char* here = "This computer";
    addNode("ca.arxanbank", "ca", "ArxanBank", here, 62, 7054);
    addNode("peer0.arxanbank", "peer", "ArxanBank", here, 412, 7051);
    addNode("peer1.arxanbank", "peer", "ArxanBank", here, 398, 7053);
    addNode("orderer0.arxanbank", "orderer", "ArxanBank", here, 174, 7050);
    const char* first = "rb-node-01.riverbank.example";
    addNode("ca.riverbank", "ca", "RiverBank", first, 58, 7054);
    addNode("peer0.riverbank", "peer", "RiverBank", first, 455, 7051);
    addNode("orderer1.riverbank", "orderer", "RiverBank", first, 171, 7050);
    addNode("peer1.riverbank", "peer", "RiverBank", "rb-node-02.riverbank.example", 702, 7061);
    addNode("ca.harborpay", "ca", "HarborPay", "", 0, 7054);
    addNode("peer0.harborpay", "peer", "HarborPay", "", 530, 7051);
    const char* regulator = "reg-node-01.regulator.example";
    addNode("ca.regulator", "ca", "Regulator", regulator, 60, 7054);
    addNode("peer0.regulator", "peer", "Regulator", regulator, 288, 7051);
    addNode("orderer2.regulator", "orderer", "Regulator", regulator, 168, 7050);

    for (const char* name : {"ca.harborpay", "peer0.harborpay"}) {
        interfaces::NodeAbilities abilities;
        abilities.can = {interfaces::NodeAbility::Health};
        if (std::string(name) == "peer0.harborpay")
            abilities.can.insert(interfaces::NodeAbility::Channels);
        abilities.limits = "read and monitor only: no agent on this host";
        nodes[name]->setAbilities(abilities);
    }
    for (const char* name : {"peer0.arxanbank", "peer1.arxanbank", "peer0.riverbank",
                             "peer1.riverbank", "peer0.harborpay"}) {
        const bool late = std::string(name) == "peer1.riverbank";
        nodes[name]->setChannels(
            {channelAt("settlement", late ? kSettlement - 41 : kSettlement, "member"),
             channelAt("loyalty-points", kLoyalty, "member")});
    }
    nodes["peer0.regulator"]->setChannels({channelAt("settlement", kSettlement, "member")});
    for (const char* name : {"orderer0.arxanbank", "orderer1.riverbank", "orderer2.regulator"}) {
        const bool leads = std::string(name) == "orderer0.arxanbank";
        nodes[name]->setChannels(
            {channelAt("settlement", kSettlement, leads ? "consenter, leader" : "consenter"),
             channelAt("loyalty-points", kLoyalty, "consenter")});
    }
    addLog("peer1.riverbank", "rb-node-02.riverbank.example");
    addLog("peer0.arxanbank", here);
}

void MeridianNetwork::addHost(const std::string& name, unsigned processors, double freeMemory,
                              double freeDisk, double disk) {
    interfaces::HostFacts facts;
    facts.name = name;
    facts.agentVersion = "1.4.0";
    facts.system = "Debian GNU/Linux 12 (bookworm), x86_64";
    facts.processors = processors;
    facts.memoryBytes = 16'000'000'000;
    facts.freeMemoryBytes = static_cast<std::uint64_t>(freeMemory);
    facts.diskBytes = static_cast<std::uint64_t>(disk);
    facts.freeDiskBytes = static_cast<std::uint64_t>(freeDisk);
    facts.now = absl::FromUnixSeconds(kNow);
    facts.engines = {{"builtin", "2.5.13", ""}};
    facts.role = interfaces::HostRole::Administrator;
    auto host = std::make_shared<FakeWatchedHost>();
    host->setFacts(facts);
    hosts[name] = host;
    network.hosts.push_back({name, host});
}

void MeridianNetwork::addNode(const std::string& name, const std::string& kind,
                              const std::string& organisation, const std::string& host,
                              double memoryMegabytes, int port) {
    auto node = std::make_shared<FakeNode>();
    interfaces::NodeStatus status;
    status.kind = kind;
    status.mspId = MspId(organisation + "MSP");
    status.version = host.empty() ? "2.5.9" : "2.5.12";
    status.startedAt = absl::FromUnixSeconds(kNow - static_cast<std::int64_t>(kUptime));
    status.endpoints = {{"grpc", name + ".example:" + std::to_string(port)}};
    status.memoryBytes = static_cast<std::uint64_t>(memoryMegabytes * 1e6);
    status.health = {{"process", ""}, {"ledger", ""}};
    if (name == "peer1.riverbank")
        status.health.push_back({"disk", "/data is almost full: 4.1 GB of 64 GB are free"});
    node->setStatus(status);
    node->setSettings(
        {{"ledger.blockchain.path", "/data2/ledger", "/data/ledger", false, "Where blocks are"},
         {"ledger.snapshots.rootDir", "/data/snapshots", "/data/snapshots", true, ""},
         {"ledger.state.stateDatabase", "goleveldb", "goleveldb", true, ""},
         {"peer.gossip.state.batchSize", "50", "10", false, "Blocks asked for at once"},
         {"peer.limits.concurrency.endorser", "2500", "2500", true, ""},
         {"peer.tls.enabled", "true", "true", true, "Required here"},
         {"chaincode.executeTimeout", "30s", "30s", true, ""},
         {"operations.listenAddress", ":9443", ":9443", true, ""},
         {"logging.spec", "info", "info", true, ""}});
    nodes[name] = node;
    network.nodes.push_back({name, kind, organisation, MspId(organisation + "MSP"), host, node});
    if (host.empty()) return;
    interfaces::NodeState state;
    state.ref = {network.name, name};
    state.kind = kind;
    state.engine = "builtin";
    state.version = "2.5.12";
    state.phase = interfaces::NodePhase::Running;
    state.processId = 21800 + port % 100;
    state.since = status.startedAt;
    state.endpoints = status.endpoints;
    state.memoryBytes = status.memoryBytes;
    hosts[host]->tell(state);
}

void MeridianNetwork::addLog(const std::string& name, const std::string& host) {
    struct Line {
        int milliseconds;
        LogLevel level;
        const char* logger;
        const char* text;
    };
    static constexpr Line kLines[] = {
        {4466, LogLevel::Warning, "ledger.blkstorage",
         "fsync of chains/settlement/blockfile_000118 took 36 ms"},
        {4470, LogLevel::Info, "committer", "Committed block 1204168 with 9 transactions in 41 ms"},
        {4905, LogLevel::Info, "gossip.state", "Received block 1204210 from orderer1, 41 waiting"},
        {5130, LogLevel::Debug, "gossip.channel",
         "loyalty-points height 312907, same as 4 other peers"},
        {5377, LogLevel::Warning, "ledger.blkstorage",
         "fsync of chains/settlement/blockfile_000118 took 40 ms"},
        {6118, LogLevel::Info, "committer",
         "Committed block 1204171 with 12 transactions in 44 ms"},
        {6302, LogLevel::Error, "ledger.snapshot",
         "Cannot start snapshot at 1204000: 5.9 GB needed, 4.1 GB free on /data"},
        {6551, LogLevel::Info, "endorser", "wallet.Balance simulated in 12 ms, returned 200"},
        {6702, LogLevel::Warning, "ledger.blkstorage",
         "fsync of chains/settlement/blockfile_000118 took 41 ms"},
    };
    std::vector<interfaces::LogLine> lines;
    for (const Line& line : kLines) {
        interfaces::LogLine made;
        made.when = absl::FromUnixSeconds(kNow - 7) + absl::Milliseconds(line.milliseconds);
        made.level = line.level;
        made.logger = line.logger;
        made.text = line.text;
        lines.push_back(std::move(made));
    }
    hosts[host]->log(name, std::move(lines));
}

}  // namespace chancery::test
