#include "src/usecase/NetworkFolder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

using Json = nlohmann::ordered_json;
using Path = std::filesystem::path;

constexpr std::uint64_t kMaxFile = 1U << 20;

std::string quoted(const std::string& text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<NetworkNode> nodesOf(const Path& folder,
                                 const std::vector<OrganisationFolders>& organisations) {
    std::vector<NetworkNode> nodes;
    for (std::size_t i = 0; i < organisations.size(); ++i) {
        const OrganisationFolders& organisation = organisations[i];
        for (const std::string& node : organisation.plan().nodes) {
            const std::string name = organisation.nodeName(node);
            nodes.push_back({.name = name,
                             .isPeer = organisation.plan().kind == OrganisationPlan::Kind::Peers,
                             .organisation = i,
                             .config = folder / "nodes" / name / "node.yaml",
                             .data = folder / "nodes" / name / "data",
                             .tlsRoot = organisation.tlsRoot(),
                             .endpoints = {}});
        }
    }
    return nodes;
}

Json toJson(const OrganisationPlan& plan) {
    return {{"name", plan.name},
            {"kind", plan.kind == OrganisationPlan::Kind::Peers ? "peers" : "orderers"},
            {"domain", plan.domain},
            {"mspId", plan.mspId.str()},
            {"nodes", plan.nodes},
            {"users", plan.users}};
}

std::string textOf(const Json& of, const char* name) {
    const auto found = of.find(name);
    return found != of.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> textsOf(const Json& of, const char* name) {
    std::vector<std::string> all;
    if (const auto found = of.find(name); found != of.end() && found->is_array())
        for (const Json& entry : *found)
            if (entry.is_string()) all.push_back(entry.get<std::string>());
    return all;
}

OrganisationPlan planOf(const Json& json) {
    return {.kind = textOf(json, "kind") == "orderers" ? OrganisationPlan::Kind::Orderers
                                                       : OrganisationPlan::Kind::Peers,
            .name = textOf(json, "name"),
            .domain = textOf(json, "domain"),
            .mspId = MspId(textOf(json, "mspId")),
            .nodes = textsOf(json, "nodes"),
            .users = textsOf(json, "users")};
}

}  // namespace

NetworkPlan twoOrganisations(const Path& folder) {
    NetworkPlan plan;
    plan.folder = folder;
    plan.organisations.push_back({.kind = OrganisationPlan::Kind::Orderers,
                                  .name = "OrdererOrg",
                                  .domain = "example.com",
                                  .mspId = MspId("OrdererMSP"),
                                  .nodes = {"orderer"},
                                  .users = {}});
    for (const std::string number : {"1", "2"})
        plan.organisations.push_back({.kind = OrganisationPlan::Kind::Peers,
                                      .name = "Org" + number,
                                      .domain = "org" + number + ".example.com",
                                      .mspId = MspId("Org" + number + "MSP"),
                                      .nodes = {"peer0"},
                                      .users = {"User1"}});
    return plan;
}

Result<NetworkFolder> NetworkFolder::create(const NetworkPlan& plan, absl::Time now) {
    std::error_code error;
    if (std::filesystem::exists(plan.folder / "network.json", error))
        return makeError(StatusCode::kAlreadyExists, "NETWORK_EXISTS",
                         "there is a network in " + plan.folder.string(),
                         {{"path", plan.folder.string()}});
    NetworkFolder made;
    made.m_folder = std::filesystem::absolute(plan.folder).lexically_normal();
    made.m_channel = plan.channel;
    made.m_batchTimeout = plan.batchTimeout;
    made.m_maxMessages = plan.maxMessages;
    made.m_nodeModules = plan.nodeModules;
    ASSIGN_OR_RETURN(
        made.m_organisations,
        CreateCryptoMaterial().run(
            {.folder = made.m_folder / "crypto", .organisations = plan.organisations, .now = now}));
    made.m_nodes = nodesOf(made.m_folder, made.m_organisations);
    for (NetworkNode& node : made.m_nodes) {
        const auto stated = plan.ports.find(node.name);
        const auto port = [&](std::uint16_t offset) {
            return stated == plan.ports.end()
                       ? std::string("127.0.0.1:0")
                       : fmt::format("127.0.0.1:{}", stated->second + offset);
        };
        node.endpoints = {{"grpc", port(0)}, {"operations", port(1)}};
        node.endpoints[node.isPeer ? "chaincode" : "admin"] = port(2);
        RETURN_IF_ERROR(makeFolder(node.config.parent_path()));
        RETURN_IF_ERROR(made.writeConfig(node));
    }
    RETURN_IF_ERROR(made.save());
    return made;
}

Result<NetworkFolder> NetworkFolder::open(const Path& folder) {
    auto text = readFile(folder / "network.json", kMaxFile);
    if (!text.ok())
        return makeError(StatusCode::kNotFound, "NO_NETWORK",
                         "there is no network in " + folder.string(), {{"path", folder.string()}});
    const Json json = Json::parse(*text, nullptr, false);
    const auto organisations = json.is_object() ? json.find("organisations") : json.end();
    if (!json.is_object() || organisations == json.end() || !organisations->is_array())
        return makeError(StatusCode::kInvalidArgument, "BAD_NETWORK",
                         (folder / "network.json").string() + " does not describe a network",
                         {{"path", folder.string()}});
    NetworkFolder made;
    made.m_folder = std::filesystem::absolute(folder).lexically_normal();
    made.m_channel = ChannelId(textOf(json, "channel"));
    if (!absl::ParseDuration(textOf(json, "batchTimeout"), &made.m_batchTimeout))
        made.m_batchTimeout = absl::Milliseconds(50);
    made.m_maxMessages = json.value("maxMessages", 500U);
    made.m_nodeModules = textOf(json, "nodeModules");
    for (const Json& organisation : *organisations)
        if (organisation.is_object())
            made.m_organisations.emplace_back(made.m_folder / "crypto", planOf(organisation));
    made.m_nodes = nodesOf(made.m_folder, made.m_organisations);
    const auto nodes = json.find("nodes");
    for (NetworkNode& node : made.m_nodes) {
        if (nodes == json.end() || !nodes->is_object() || !nodes->contains(node.name)) continue;
        for (const auto& [name, endpoint] : (*nodes)[node.name].items())
            if (endpoint.is_string()) node.endpoints[name] = endpoint.get<std::string>();
    }
    return made;
}

Path NetworkFolder::genesis() const {
    return m_folder / "channels" / (m_channel.str() + ".block");
}

const OrganisationFolders* NetworkFolder::organisation(const std::string& name) const {
    for (const OrganisationFolders& organisation : m_organisations)
        if (organisation.plan().name == name) return &organisation;
    return nullptr;
}

const NetworkNode* NetworkFolder::node(const std::string& name) const {
    for (const NetworkNode& node : m_nodes)
        if (node.name == name) return &node;
    return nullptr;
}

std::vector<const NetworkNode*> NetworkFolder::peersOf(const std::string& organisation) const {
    std::vector<const NetworkNode*> found;
    for (const NetworkNode& node : m_nodes)
        if (node.isPeer && m_organisations[node.organisation].plan().name == organisation)
            found.push_back(&node);
    return found;
}

std::vector<const NetworkNode*> NetworkFolder::orderers() const {
    std::vector<const NetworkNode*> found;
    for (const NetworkNode& node : m_nodes)
        if (!node.isPeer) found.push_back(&node);
    return found;
}

Result<interfaces::NodeAddress> NetworkFolder::address(const NetworkNode& node,
                                                       const std::string& endpoint) const {
    const auto found = node.endpoints.find(endpoint);
    if (found == node.endpoints.end() || found->second.ends_with(":0"))
        return makeError(StatusCode::kNotFound, "NOT_STARTED",
                         node.name + " has not been started yet", {{"node", node.name}});
    ASSIGN_OR_RETURN(const Bytes roots, readFile(node.tlsRoot, kMaxFile));
    return interfaces::NodeAddress{
        .name = node.name, .endpoint = found->second, .tlsRootsPem = roots, .serverName = {}};
}

Status NetworkFolder::setEndpoints(const std::string& name,
                                   const std::map<std::string, std::string>& endpoints) {
    for (NetworkNode& node : m_nodes) {
        if (node.name != name) continue;
        const auto before = node.endpoints;
        for (const auto& [kind, endpoint] : endpoints) node.endpoints[kind] = endpoint;
        return node.endpoints == before ? absl::OkStatus() : writeConfig(node);
    }
    return absl::OkStatus();
}

Status NetworkFolder::save() const {
    Json json{{"channel", m_channel.str()},
              {"batchTimeout", absl::FormatDuration(m_batchTimeout)},
              {"maxMessages", m_maxMessages}};
    if (!m_nodeModules.empty()) json["nodeModules"] = m_nodeModules.string();
    for (const OrganisationFolders& organisation : m_organisations)
        json["organisations"].push_back(toJson(organisation.plan()));
    for (const NetworkNode& node : m_nodes) json["nodes"][node.name] = node.endpoints;
    return writeFileAtomically(m_folder / "network.json",
                               json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
                               0600);
}

Status NetworkFolder::writeConfig(const NetworkNode& node) const {
    const OrganisationFolders& organisation = m_organisations[node.organisation];
    const std::string shortName =
        node.name.substr(0, node.name.size() - organisation.plan().domain.size() - 1);
    const Path here = node.config.parent_path();
    const auto relative = [&](const Path& path) {
        return quoted(path.lexically_relative(here).string());
    };
    const auto listen = [&](const char* name) {
        const auto found = node.endpoints.find(name);
        return quoted(found == node.endpoints.end() ? "127.0.0.1:0" : found->second);
    };
    const Path files = organisation.node(shortName);
    std::string text = fmt::format(
        "mspId: {}\nmsp: {}\ndata: data\nlisten: {}\n"
        "tls:\n  certificate: {}\n  key: {}\n"
        "operations:\n  listen: {}\n  clientRoots: [{}]\n"
        "log:\n  spec: warn\n",
        quoted(organisation.plan().mspId.str()), relative(files / "msp"), listen("grpc"),
        relative(files / "tls" / "server.crt"), relative(files / "tls" / "server.key"),
        listen("operations"), relative(node.tlsRoot));
    if (node.isPeer) {
        text += fmt::format("chaincode:\n  listen: {}\n", listen("chaincode"));
        if (!m_nodeModules.empty())
            text += fmt::format("  nodeModules: {}\n", quoted(m_nodeModules.string()));
    } else {
        text += fmt::format("admin:\n  listen: {}\n  clientRoots: [{}]\n", listen("admin"),
                            relative(node.tlsRoot));
    }
    return writeFileAtomically(node.config, text, 0600);
}

}  // namespace chancery::usecase
