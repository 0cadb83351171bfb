#include "src/usecase/NetworkFolder.h"

#include <fmt/format.h>

#include <algorithm>
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
                             .isAuthority = false,
                             .organisation = i,
                             .config = folder / "nodes" / name / "node.yaml",
                             .data = folder / "nodes" / name / "data",
                             .tlsRoot = organisation.tlsRoot(),
                             .endpoints = {}});
        }
    }
    return nodes;
}

std::vector<NetworkNode> authoritiesOf(const Path& folder,
                                       const std::vector<OrganisationFolders>& organisations) {
    std::vector<NetworkNode> authorities;
    for (std::size_t i = 0; i < organisations.size(); ++i) {
        const std::string name = organisations[i].caName();
        const CaFolder at(folder / "nodes" / name);
        authorities.push_back({.name = name,
                               .isPeer = false,
                               .isAuthority = true,
                               .organisation = i,
                               .config = at.config(),
                               .data = at.data(),
                               .tlsRoot = at.data() / organisations[i].tlsCaName() / "cert.pem",
                               .endpoints = {}});
    }
    return authorities;
}

/// Those that the plan names, or any.
void choosePorts(const NetworkPlan& plan, NetworkNode& node) {
    const auto stated = plan.ports.find(node.name);
    const auto port = [&](std::uint16_t offset) {
        return stated == plan.ports.end() ? std::string("127.0.0.1:0")
                                          : fmt::format("127.0.0.1:{}", stated->second + offset);
    };
    node.endpoints = {{node.isAuthority ? "https" : "grpc", port(0)}, {"operations", port(1)}};
    if (!node.isAuthority) node.endpoints[node.isPeer ? "chaincode" : "admin"] = port(2);
}

void readEndpoints(const nlohmann::ordered_json& network, std::vector<NetworkNode>& nodes) {
    const auto known = network.find("nodes");
    for (NetworkNode& node : nodes) {
        if (known == network.end() || !known->is_object() || !known->contains(node.name)) continue;
        for (const auto& [name, endpoint] : (*known)[node.name].items())
            if (endpoint.is_string()) node.endpoints[name] = endpoint.get<std::string>();
    }
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

Result<NetworkFolder> NetworkFolder::create(const NetworkPlan& plan) {
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
    made.m_suite = plan.suite;
    for (const OrganisationPlan& organisation : plan.organisations)
        made.m_organisations.emplace_back(made.m_folder / "crypto", organisation);
    made.m_nodes = nodesOf(made.m_folder, made.m_organisations);
    made.m_authorities = authoritiesOf(made.m_folder, made.m_organisations);
    for (NetworkNode& authority : made.m_authorities) {
        choosePorts(plan, authority);
        RETURN_IF_ERROR(made.caFolder(authority.organisation).create(made.caSettings(authority)));
    }
    for (NetworkNode& node : made.m_nodes) {
        choosePorts(plan, node);
        RETURN_IF_ERROR(writeFresh(node.config, made.configOf(node)));
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
    if (const std::string suite = textOf(json, "suite"); !suite.empty()) {
        ASSIGN_OR_RETURN(made.m_suite, crypto::suiteNamed(suite));
    }
    made.m_nodes = nodesOf(made.m_folder, made.m_organisations);
    made.m_authorities = authoritiesOf(made.m_folder, made.m_organisations);
    readEndpoints(json, made.m_nodes);
    readEndpoints(json, made.m_authorities);
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
    for (const auto* nodes : {&m_nodes, &m_authorities})
        for (const NetworkNode& node : *nodes)
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

CaFolder NetworkFolder::caFolder(std::size_t organisation) const {
    return CaFolder(m_folder / "nodes" / m_organisations[organisation].caName());
}

CaSettings NetworkFolder::caSettings(const NetworkNode& node) const {
    const OrganisationFolders& organisation = m_organisations[node.organisation];
    const auto listen = [&](const char* name) {
        const auto found = node.endpoints.find(name);
        return found == node.endpoints.end() ? std::string("127.0.0.1:0") : found->second;
    };
    return {.name = organisation.caName(),
            .tlsName = organisation.tlsCaName(),
            .organisation = organisation.plan().domain,
            .suite = m_suite,
            .hosts = {"localhost", "127.0.0.1", organisation.caName()},
            .listen = listen("https"),
            .operations = listen("operations"),
            .logSpec = "warn"};
}

Result<interfaces::CaAddress> NetworkFolder::identityCa(std::size_t organisation) const {
    const CaSettings settings = caSettings(m_authorities[organisation]);
    return caFolder(organisation).address(settings, settings.name);
}

Result<interfaces::CaAddress> NetworkFolder::tlsCa(std::size_t organisation) const {
    const CaSettings settings = caSettings(m_authorities[organisation]);
    return caFolder(organisation).address(settings, settings.tlsName);
}

Status NetworkFolder::setEndpoints(const std::string& name,
                                   const std::map<std::string, std::string>& endpoints) {
    for (auto* nodes : {&m_nodes, &m_authorities})
        for (NetworkNode& node : *nodes) {
            if (node.name != name) continue;
            // A node that comes back where it was changes nothing, not even for who reads
            // meanwhile.
            const auto isKnown = [&](const auto& one) {
                const auto known = node.endpoints.find(one.first);
                return known != node.endpoints.end() && known->second == one.second;
            };
            if (std::ranges::all_of(endpoints, isKnown)) return absl::OkStatus();
            for (const auto& [kind, endpoint] : endpoints) node.endpoints[kind] = endpoint;
            return node.isAuthority ? caFolder(node.organisation).write(caSettings(node))
                                    : writeFileAtomically(node.config, configOf(node), 0600);
        }
    return absl::OkStatus();
}

Status NetworkFolder::save() const {
    Json json{{"channel", m_channel.str()},
              {"batchTimeout", absl::FormatDuration(m_batchTimeout)},
              {"maxMessages", m_maxMessages},
              {"suite", std::string(m_suite->name)}};
    if (!m_nodeModules.empty()) json["nodeModules"] = m_nodeModules.string();
    for (const OrganisationFolders& organisation : m_organisations)
        json["organisations"].push_back(toJson(organisation.plan()));
    for (const auto* nodes : {&m_authorities, &m_nodes})
        for (const NetworkNode& node : *nodes) json["nodes"][node.name] = node.endpoints;
    return writeFileAtomically(m_folder / "network.json",
                               json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
                               0600);
}

std::string NetworkFolder::configOf(const NetworkNode& node) const {
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
    return text;
}

}  // namespace chancery::usecase
