#include "src/usecase/NetworkPlan.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::usecase {
namespace {

// Resident memory of idle nodes with one channel, as measured (docs/networks.md).
constexpr std::uint64_t kMiB = 1U << 20;
constexpr std::uint64_t kPeerMemory = 38 * kMiB;
constexpr std::uint64_t kOrdererMemory = 33 * kMiB;
constexpr std::uint64_t kCaMemory = 29 * kMiB;
constexpr std::uint64_t kContractMemory = 8 * kMiB;
// A new ledger with its index, and room to write.
constexpr std::uint64_t kNodeDisk = 64 * kMiB;

TopologyOrganisation peersOf(const std::string& number) {
    return {.kind = OrganisationPlan::Kind::Peers,
            .name = "Org" + number,
            .domain = "org" + number + ".example.com",
            .mspId = MspId("Org" + number + "MSP"),
            .label = {},
            .nodes = {"peer0"},
            .users = {"User1"}};
}

}  // namespace

Topology twoOrganisationsTopology() {
    Topology topology;
    topology.name = "two-organisations";
    topology.label = {.en = "Two organisations", .zh = "两个组织"};
    topology.organisations.push_back({.kind = OrganisationPlan::Kind::Orderers,
                                      .name = "OrdererOrg",
                                      .domain = "example.com",
                                      .mspId = MspId("OrdererMSP"),
                                      .label = {},
                                      .nodes = {"orderer"},
                                      .users = {}});
    for (const std::string number : {"1", "2"}) topology.organisations.push_back(peersOf(number));
    topology.channels.push_back({.name = ChannelId("mychannel"),
                                 .members = {"Org1", "Org2"},
                                 .consenters = {"orderer.example.com"},
                                 .policies = {},
                                 .contracts = {}});
    return topology;
}

NetworkPlan twoOrganisations(const std::filesystem::path& folder) {
    return {.folder = folder, .topology = twoOrganisationsTopology()};
}

const std::vector<std::string>& endpointNames(const std::string& kind) {
    static const std::vector<std::string> peer{"grpc", "operations", "chaincode"};
    static const std::vector<std::string> orderer{"grpc", "operations", "admin"};
    static const std::vector<std::string> ca{"https", "operations"};
    return kind == "peer" ? peer : kind == "orderer" ? orderer : ca;
}

std::string hostNameOf(const NetworkPlan& plan, const std::string& node) {
    const std::string zone = plan.topology.hostOf(node);
    for (const PlannedHost& host : plan.hosts)
        if (host.name == zone || std::ranges::find(host.zones, zone) != host.zones.end())
            return host.name;
    return plan.hosts.empty() ? PlannedHost{}.name : plan.hosts.front().name;
}

NetworkPreview previewOf(const NetworkPlan& plan) {
    NetworkPreview preview;
    std::uint32_t next = plan.topology.firstPort;
    const auto add = [&](const std::string& name, const std::string& kind,
                         const std::string& organisation, std::uint64_t memory) {
        PreviewNode node{.name = name,
                         .kind = kind,
                         .organisation = organisation,
                         .host = hostNameOf(plan, name),
                         .endpoints = {},
                         .memoryBytes = memory};
        const auto own = plan.ports.find(name);
        std::uint32_t port = own != plan.ports.end() ? own->second : next;
        if (next != 0) next += plan.topology.portStep;
        std::string at = "127.0.0.1";
        for (const PlannedHost& host : plan.hosts)
            if (host.name == node.host) at = host.reachedAt;
        const bool v6 = at.find(':') != at.npos;
        for (const std::string& endpoint : endpointNames(kind)) {
            // Contracts are the peer's own children.
            const std::string where = endpoint == "chaincode" ? "127.0.0.1"
                                      : v6                    ? "[" + at + "]"
                                                              : at;
            node.endpoints[endpoint] = fmt::format("{}:{}", where, port);
            if (port != 0) ++port;
        }
        interfaces::HostNeeds& needs = preview.needs[node.host];
        for (const auto& [endpoint, address] : node.endpoints) needs.endpoints.push_back(address);
        needs.memoryBytes += memory;
        needs.diskBytes += kNodeDisk;
        const std::string engine = kind == "ca" ? "builtin" : plan.topology.engine;
        if (std::ranges::find(needs.engines, engine) == needs.engines.end())
            needs.engines.push_back(engine);
        preview.memoryBytes += memory;
        preview.nodes.push_back(std::move(node));
    };
    for (const TopologyOrganisation& one : plan.topology.organisations)
        for (const std::string& node : one.nodes) {
            const bool peer = one.kind == OrganisationPlan::Kind::Peers;
            add(node + "." + one.domain, peer ? "peer" : "orderer", one.name,
                peer ? kPeerMemory : kOrdererMemory);
        }
    for (const TopologyOrganisation& one : plan.topology.organisations)
        add("ca." + one.domain, "ca", one.name, kCaMemory);
    for (const TopologyChannel& channel : plan.topology.channels)
        for (const std::string& member : channel.members) {
            const TopologyOrganisation* one = plan.topology.organisation(member);
            if (one == nullptr) continue;
            for (const std::string& node : one->nodes) {
                const std::uint64_t count = channel.contracts.size();
                preview.contractHosts += count;
                preview.memoryBytes += count * kContractMemory;
                preview.needs[hostNameOf(plan, node + "." + one->domain)].memoryBytes +=
                    count * kContractMemory;
            }
        }
    return preview;
}

}  // namespace chancery::usecase
