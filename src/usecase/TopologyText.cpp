#include <fmt/format.h>

#include "src/usecase/Json.h"
#include "src/usecase/Topology.h"
#include "src/usecase/TopologyJson.h"

namespace chancery::usecase {
namespace {

constexpr std::string_view kReason = "BAD_TOPOLOGY";
constexpr std::uint64_t kFormat = 1;

Label readLabel(StrictJson in) {
    return {.en = in.text("en"), .zh = in.text("zh")};
}

TopologyOrganisation readOrganisation(StrictJson in, OrganisationPlan::Kind kind) {
    const bool peers = kind == OrganisationPlan::Kind::Peers;
    return {.kind = kind,
            .name = in.required("name"),
            .domain = in.required("domain"),
            .mspId = MspId(in.required("mspId")),
            .label = readLabel(in.member("label")),
            .nodes = in.texts(peers ? "peers" : "orderers"),
            .users = in.texts("users")};
}

TopologyChannel readChannel(StrictJson in) {
    TopologyChannel channel;
    channel.name = ChannelId(in.required("name"));
    channel.members = in.texts("members");
    channel.consenters = in.texts("consenters");
    StrictJson batch = in.member("batch");
    channel.batchTimeout =
        absl::Milliseconds(static_cast<std::int64_t>(batch.number("timeoutMs", 50, 1, 3'600'000)));
    channel.maxMessages =
        static_cast<std::uint32_t>(batch.number("maxMessages", 500, 1, 1'000'000));
    channel.preferredMaxBytes =
        static_cast<std::uint32_t>(batch.number("preferredKiB", 2048, 1, 10'240)) << 10;
    for (const auto& [name, rule] : in.member("policies").allTexts()) channel.policies[name] = rule;
    for (StrictJson& one : in.objects("contracts")) {
        TopologyContract contract;
        contract.name = one.required("name");
        contract.source = one.text("source", contract.name);
        contract.version = one.text("version", "1.0");
        contract.policy = one.text("policy");
        contract.collectionsJson = one.raw("collections");
        channel.contracts.push_back(std::move(contract));
    }
    return channel;
}

Json textOf(const Label& label) {
    return {{"en", label.en}, {"zh", label.zh}};
}

Json textOf(const TopologyOrganisation& one) {
    Json json{{"name", one.name},
              {"mspId", one.mspId.str()},
              {"domain", one.domain},
              {"label", textOf(one.label)}};
    json[one.kind == OrganisationPlan::Kind::Peers ? "peers" : "orderers"] = one.nodes;
    if (!one.users.empty()) json["users"] = one.users;
    return json;
}

Json textOf(const TopologyChannel& channel) {
    Json json{{"name", channel.name.str()},
              {"members", channel.members},
              {"consenters", channel.consenters},
              {"batch",
               {{"timeoutMs", absl::ToInt64Milliseconds(channel.batchTimeout)},
                {"maxMessages", channel.maxMessages},
                {"preferredKiB", channel.preferredMaxBytes >> 10}}}};
    for (const auto& [name, rule] : channel.policies) json["policies"][name] = rule;
    for (const TopologyContract& contract : channel.contracts) {
        Json one{
            {"name", contract.name}, {"source", contract.source}, {"version", contract.version}};
        if (!contract.policy.empty()) one["policy"] = contract.policy;
        if (!contract.collectionsJson.empty()) {
            Json collections = Json::parse(contract.collectionsJson, nullptr, false);
            if (!collections.is_discarded()) one["collections"] = std::move(collections);
        }
        json["contracts"].push_back(std::move(one));
    }
    return json;
}

}  // namespace

Result<Topology> readTopology(BytesView text) {
    ASSIGN_OR_RETURN(StrictJson in, StrictJson::parse(text, std::string(kReason)));
    Topology topology;
    if (in.text("$schema"); in.number("format", 0, 0, 1'000) != kFormat)
        in.fail("format", "is not 1, which is the form that this program knows");
    topology.name = in.required("name");
    topology.label = readLabel(in.member("label"));
    topology.about = readLabel(in.member("about"));
    topology.engine = in.text("engine", "builtin");
    const auto suite = crypto::suiteNamed(in.text("suite", "ECDSA-P256"));
    if (suite.ok())
        topology.suite = *suite;
    else
        in.fail("suite", "is none that there is");
    for (StrictJson& one : in.objects("ordering"))
        topology.organisations.push_back(readOrganisation(one, OrganisationPlan::Kind::Orderers));
    for (StrictJson& one : in.objects("organisations"))
        topology.organisations.push_back(readOrganisation(one, OrganisationPlan::Kind::Peers));
    for (StrictJson& one : in.objects("channels")) topology.channels.push_back(readChannel(one));
    for (StrictJson& one : in.objects("hosts"))
        topology.hosts.push_back({.name = one.required("name"),
                                  .zone = readLabel(one.member("zone")),
                                  .nodes = one.texts("nodes")});
    StrictJson ports = in.member("ports");
    topology.firstPort = static_cast<std::uint16_t>(ports.number("first", 0, 0, 65'535));
    topology.portStep = static_cast<std::uint16_t>(ports.number("step", 10, 3, 1'000));
    for (StrictJson& one : in.objects("scenario"))
        topology.scenario.push_back({.channel = ChannelId(one.required("channel")),
                                     .contract = one.required("contract"),
                                     .organisation = one.required("organisation"),
                                     .user = one.text("user", "User1"),
                                     .arguments = one.texts("arguments")});
    RETURN_IF_ERROR(in.finish());
    RETURN_IF_ERROR(checkTopology(topology));
    return topology;
}

std::string toText(const Topology& topology) {
    Json json{{"format", kFormat},
              {"name", topology.name},
              {"label", textOf(topology.label)},
              {"about", textOf(topology.about)},
              {"engine", topology.engine},
              {"suite", std::string(topology.suite->name)}};
    for (const TopologyOrganisation& one : topology.organisations)
        json[one.kind == OrganisationPlan::Kind::Peers ? "organisations" : "ordering"].push_back(
            textOf(one));
    for (const TopologyChannel& one : topology.channels) json["channels"].push_back(textOf(one));
    for (const TopologyHost& one : topology.hosts)
        json["hosts"].push_back(
            {{"name", one.name}, {"zone", textOf(one.zone)}, {"nodes", one.nodes}});
    json["ports"] = {{"first", topology.firstPort}, {"step", topology.portStep}};
    for (const TopologyCall& one : topology.scenario)
        json["scenario"].push_back({{"channel", one.channel.str()},
                                    {"contract", one.contract},
                                    {"organisation", one.organisation},
                                    {"user", one.user},
                                    {"arguments", one.arguments}});
    return toText(json);
}

}  // namespace chancery::usecase
