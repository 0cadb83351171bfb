#include "src/usecase/NetworkFolder.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Random.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

using NetworkJson = nlohmann::ordered_json;
using Path = std::filesystem::path;

constexpr std::uint64_t kMostNetworkFile = 4U << 20;
constexpr int kFormat = 2;

std::string stringOf(const NetworkJson& of, const char* name) {
    const auto found = of.find(name);
    return found != of.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> stringsOf(const NetworkJson& of, const char* name) {
    std::vector<std::string> all;
    if (const auto found = of.find(name); found != of.end() && found->is_array())
        for (const NetworkJson& entry : *found)
            if (entry.is_string()) all.push_back(entry.get<std::string>());
    return all;
}

NetworkJson hostJson(const PlannedHost& host) {
    NetworkJson json{{"name", host.name}, {"reachedAt", host.reachedAt}};
    if (!host.zones.empty()) json["zones"] = host.zones;
    if (!host.address.socket.empty()) json["socket"] = host.address.socket;
    if (!host.address.endpoint.empty()) {
        json["endpoint"] = host.address.endpoint;
        json["certificate"] = host.address.certificatePem;
    }
    return json;
}

PlannedHost hostOf(const NetworkJson& json) {
    PlannedHost host;
    host.name = stringOf(json, "name");
    host.address = {.name = host.name,
                    .socket = stringOf(json, "socket"),
                    .endpoint = stringOf(json, "endpoint"),
                    .certificatePem = stringOf(json, "certificate")};
    if (const std::string at = stringOf(json, "reachedAt"); !at.empty()) host.reachedAt = at;
    host.zones = stringsOf(json, "zones");
    return host;
}

Status noSuchNode(const std::string& name) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                     {{"node", name}});
}

}  // namespace

std::string NetworkFolder::reachedAt(const std::string& host) const {
    for (const PlannedHost& one : m_plan.hosts)
        if (one.name == host) return one.reachedAt;
    return PlannedHost{}.reachedAt;
}

/// Organisations and nodes as the topology, the places and the endpoints have them.
void NetworkFolder::build() {
    m_organisations.clear();
    m_nodes.clear();
    m_authorities.clear();
    const auto make = [&](const std::string& name, std::size_t organisation) {
        NetworkNode node;
        node.name = name;
        node.organisation = organisation;
        const auto place = m_places.find(name);
        node.host = place != m_places.end() ? place->second : hostNameOf(m_plan, name);
        node.tlsRoot = m_organisations[organisation].tlsRoot();
        if (const auto known = m_endpoints.find(name); known != m_endpoints.end())
            node.endpoints = known->second;
        const bool local = std::ranges::any_of(m_plan.hosts, [&](const PlannedHost& host) {
            return host.name == node.host && host.isLocal();
        });
        if (local) node.data = hostFolder() / "nodes" / m_id / name / "data";
        return node;
    };
    const std::vector<TopologyOrganisation>& all = topology().organisations;
    for (std::size_t i = 0; i < all.size(); ++i) {
        OrganisationPlan plan{.kind = all[i].kind,
                              .name = all[i].name,
                              .domain = all[i].domain,
                              .mspId = all[i].mspId,
                              .nodes = all[i].nodes,
                              .users = all[i].users};
        for (const std::string& node : all[i].nodes) {
            const std::string name = node + "." + all[i].domain;
            const auto place = m_places.find(name);
            const std::string at =
                reachedAt(place != m_places.end() ? place->second : hostNameOf(m_plan, name));
            if (std::ranges::find(plan.hosts, at) == plan.hosts.end()) plan.hosts.push_back(at);
        }
        m_organisations.emplace_back(folder() / "crypto", std::move(plan));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const std::string& name : all[i].nodes) {
            NetworkNode node = make(m_organisations[i].nodeName(name), i);
            node.isPeer = all[i].kind == OrganisationPlan::Kind::Peers;
            const char* settings = topology().engine == "builtin" ? "node.yaml"
                                   : node.isPeer                  ? "core.yaml"
                                                                  : "orderer.yaml";
            if (!node.data.empty()) node.config = node.data.parent_path() / settings;
            m_nodes.push_back(std::move(node));
        }
        NetworkNode ca = make(m_organisations[i].caName(), i);
        ca.isPeer = false;
        ca.isAuthority = true;
        if (!ca.data.empty()) ca.config = ca.data.parent_path() / "node.yaml";
        ca.tlsRoot = caFolder(i).data() / m_organisations[i].tlsCaName() / "cert.pem";
        m_authorities.push_back(std::move(ca));
    }
}

Result<NetworkFolder> NetworkFolder::create(const NetworkPlan& plan) {
    RETURN_IF_ERROR(checkTopology(plan.topology));
    std::error_code error;
    if (std::filesystem::exists(plan.folder / "network.json", error))
        return makeError(StatusCode::kAlreadyExists, "NETWORK_EXISTS",
                         "there is a network in " + plan.folder.string(),
                         {{"path", plan.folder.string()}});
    NetworkFolder made;
    made.m_plan = plan;
    made.m_plan.folder = std::filesystem::absolute(plan.folder).lexically_normal();
    constexpr std::size_t kIdBytes = 4;
    made.m_id = fmt::format("{}-{}", plan.topology.name.substr(0, 20),
                            toHex(Random::system().bytes(kIdBytes)));
    for (const PreviewNode& node : previewOf(plan).nodes)
        made.m_endpoints[node.name] = node.endpoints;
    RETURN_IF_ERROR(makeFolder(made.folder()));
    made.build();
    RETURN_IF_ERROR(made.save());
    return made;
}

Result<NetworkFolder> NetworkFolder::adopt(
    const NetworkPlan& plan,
    const std::map<std::string, std::map<std::string, std::string>>& endpoints,
    const std::map<std::string, std::string>& former) {
    ASSIGN_OR_RETURN(NetworkFolder made, create(plan));
    for (const auto& [name, its] : endpoints) made.setEndpoints(name, its);
    for (const auto& [address, name] : former)
        if (made.node(name) != nullptr) made.m_former[address] = name;
    made.m_done = {"members", "channels", "made"};
    RETURN_IF_ERROR(made.save());
    return made;
}

Result<NetworkFolder> NetworkFolder::open(const Path& folder) {
    auto text = readFile(folder / "network.json", kMostNetworkFile);
    if (!text.ok())
        return makeError(StatusCode::kNotFound, "NO_NETWORK",
                         "there is no network in " + folder.string(), {{"path", folder.string()}});
    const auto bad = [&](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_NETWORK",
                         fmt::format("{} does not describe a network: {}",
                                     (folder / "network.json").string(), why),
                         {{"path", folder.string()}});
    };
    const NetworkJson json = NetworkJson::parse(*text, nullptr, false);
    if (!json.is_object()) return bad("it is no JSON object");
    if (!json.contains("format") && json.contains("organisations"))
        return makeError(StatusCode::kFailedPrecondition, "OLD_NETWORK",
                         fmt::format("the network in {} was made before nodes were in the care of "
                                     "an agent; its ledgers can be read below nodes/, to run it "
                                     "make it anew in another folder",
                                     folder.string()),
                         {{"path", folder.string()}});
    if (json.value("format", NetworkJson(0)) != NetworkJson(kFormat)) return bad("another format");
    NetworkFolder made;
    made.m_plan.folder = std::filesystem::absolute(folder).lexically_normal();
    made.m_id = stringOf(json, "id");
    const auto topology = json.find("topology");
    if (topology == json.end() || made.m_id.empty()) return bad("no topology or no id");
    auto read = readTopology(topology->dump(-1, ' ', false, NetworkJson::error_handler_t::replace));
    if (!read.ok()) return bad(messageOf(read.status()));
    made.m_plan.topology = *std::move(read);
    made.m_plan.nodeModules = stringOf(json, "nodeModules");
    made.m_plan.logSpec = stringOf(json, "log");
    made.m_plan.hosts.clear();
    if (const auto hosts = json.find("hosts"); hosts != json.end() && hosts->is_array())
        for (const NetworkJson& host : *hosts)
            if (host.is_object()) made.m_plan.hosts.push_back(hostOf(host));
    if (made.m_plan.hosts.empty()) return bad("no host");
    if (const auto nodes = json.find("nodes"); nodes != json.end() && nodes->is_object())
        for (const auto& [name, node] : nodes->items()) {
            if (!node.is_object()) continue;
            made.m_places[name] = stringOf(node, "host");
            const auto endpoints = node.find("endpoints");
            if (endpoints == node.end() || !endpoints->is_object()) continue;
            for (const auto& [kind, endpoint] : endpoints->items())
                if (endpoint.is_string())
                    made.m_endpoints[name][kind] = endpoint.get<std::string>();
        }
    if (const auto former = json.find("former"); former != json.end() && former->is_object())
        for (const auto& [address, name] : former->items())
            if (name.is_string()) made.m_former[address] = name.get<std::string>();
    for (const std::string& step : stringsOf(json, "done")) made.m_done.insert(step);
    made.build();
    return made;
}

Status NetworkFolder::save() const {
    NetworkJson json{{"format", kFormat}, {"id", m_id}};
    json["topology"] = NetworkJson::parse(toText(m_plan.topology), nullptr, false);
    for (const PlannedHost& host : m_plan.hosts) json["hosts"].push_back(hostJson(host));
    for (const auto* nodes : {&m_authorities, &m_nodes})
        for (const NetworkNode& node : *nodes)
            json["nodes"][node.name] = {{"host", node.host}, {"endpoints", node.endpoints}};
    json["log"] = m_plan.logSpec;
    if (!m_plan.nodeModules.empty()) json["nodeModules"] = m_plan.nodeModules.string();
    if (!m_former.empty()) json["former"] = m_former;
    json["done"] = m_done;
    return writeFileAtomically(
        folder() / "network.json",
        json.dump(2, ' ', false, NetworkJson::error_handler_t::replace) + "\n", 0600);
}

Status NetworkFolder::remove() const {
    for (const char* part : {"crypto", "nodes", "channels", "profiles", "wallets", "host",
                             "packages", "scenario.json", "network.json"}) {
        std::error_code error;
        std::filesystem::remove_all(folder() / part, error);
        if (error)
            return makeError(
                StatusCode::kInternal, "FILE_ERROR",
                fmt::format("cannot remove {}: {}", (folder() / part).string(), error.message()),
                {{"path", (folder() / part).string()}});
    }
    // Somebody's own files may be there.
    std::error_code ignored;
    std::filesystem::remove(folder(), ignored);
    return absl::OkStatus();
}

const ChannelId& NetworkFolder::channel() const {
    static const ChannelId none;
    return topology().channels.empty() ? none : topology().channels.front().name;
}

absl::Duration NetworkFolder::batchTimeout() const {
    const auto& channels = topology().channels;
    return channels.empty() ? TopologyChannel{}.batchTimeout : channels.front().batchTimeout;
}

std::uint32_t NetworkFolder::maxMessages() const {
    const auto& channels = topology().channels;
    return channels.empty() ? TopologyChannel{}.maxMessages : channels.front().maxMessages;
}

const TopologyChannel* NetworkFolder::channelNamed(const ChannelId& name) const {
    for (const TopologyChannel& one : topology().channels)
        if (one.name == name) return &one;
    return nullptr;
}

Path NetworkFolder::genesis(const ChannelId& channel) const {
    return folder() / "channels" / (channel.str() + ".block");
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

std::vector<const NetworkNode*> NetworkFolder::peersOf(const ChannelId& channel) const {
    std::vector<const NetworkNode*> found;
    const TopologyChannel* known = channelNamed(channel);
    for (const OrganisationFolders& one : m_organisations) {
        const std::string& name = one.plan().name;
        if (known != nullptr && std::ranges::find(known->members, name) == known->members.end())
            continue;
        const auto its = peersOf(name);
        found.insert(found.end(), its.begin(), its.end());
    }
    return found;
}

std::vector<const NetworkNode*> NetworkFolder::orderers() const {
    std::vector<const NetworkNode*> found;
    for (const NetworkNode& node : m_nodes)
        if (!node.isPeer) found.push_back(&node);
    return found;
}

std::vector<const NetworkNode*> NetworkFolder::orderersOf(const ChannelId& channel) const {
    const TopologyChannel* known = channelNamed(channel);
    if (known == nullptr) return orderers();
    std::vector<const NetworkNode*> found;
    for (const std::string& name : known->consenters)
        if (const NetworkNode* orderer = node(name); orderer != nullptr) found.push_back(orderer);
    return found;
}

Path NetworkFolder::filesOf(const NetworkNode& node) const {
    const OrganisationFolders& owner = m_organisations[node.organisation];
    return owner.node(node.name.substr(0, node.name.size() - owner.plan().domain.size() - 1));
}

Result<interfaces::NodeAddress> NetworkFolder::address(const NetworkNode& node,
                                                       const std::string& endpoint) const {
    const auto found = node.endpoints.find(endpoint);
    if (found == node.endpoints.end() || found->second.ends_with(":0"))
        return makeError(StatusCode::kNotFound, "NOT_STARTED",
                         node.name + " has not been started yet", {{"node", node.name}});
    ASSIGN_OR_RETURN(const Bytes roots, readFile(node.tlsRoot, kMostNetworkFile));
    return interfaces::NodeAddress{
        .name = node.name, .endpoint = found->second, .tlsRootsPem = roots, .serverName = {}};
}

CaFolder NetworkFolder::caFolder(std::size_t organisation) const {
    return CaFolder(folder() / "nodes" / m_organisations[organisation].caName());
}

CaSettings NetworkFolder::caSettings(std::size_t index) const {
    const NetworkNode& node = m_authorities[index];
    const OrganisationFolders& organisation = m_organisations[index];
    const auto listen = [&](const char* name) {
        const auto found = node.endpoints.find(name);
        return found == node.endpoints.end() ? std::string("127.0.0.1:0") : found->second;
    };
    CaSettings settings{.name = organisation.caName(),
                        .tlsName = organisation.tlsCaName(),
                        .organisation = organisation.plan().domain,
                        .suite = &suite(),
                        .hosts = {"localhost", "127.0.0.1", organisation.caName()},
                        .listen = listen("https"),
                        .operations = listen("operations"),
                        .logSpec = m_plan.logSpec,
                        .tlsCertificate = "keys/tls.crt",
                        .tlsKey = "keys/tls.key"};
    for (const std::string& at : organisation.plan().hosts) settings.sharedHosts.push_back(at);
    if (const std::string at = reachedAt(node.host);
        std::ranges::find(settings.hosts, at) == settings.hosts.end())
        settings.hosts.push_back(at);
    for (const std::string& at : settings.hosts)
        if (at != settings.name) settings.sharedHosts.push_back(at);
    return settings;
}

Result<interfaces::CaAddress> NetworkFolder::identityCa(std::size_t organisation) const {
    const CaSettings settings = caSettings(organisation);
    return caFolder(organisation).address(settings, settings.name);
}

Result<interfaces::CaAddress> NetworkFolder::tlsCa(std::size_t organisation) const {
    const CaSettings settings = caSettings(organisation);
    return caFolder(organisation).address(settings, settings.tlsName);
}

void NetworkFolder::setEndpoints(const std::string& name,
                                 const std::map<std::string, std::string>& endpoints) {
    for (auto* nodes : {&m_nodes, &m_authorities})
        for (NetworkNode& node : *nodes) {
            if (node.name != name) continue;
            for (const auto& [kind, endpoint] : endpoints) {
                const auto& known = endpointNames(node.kind());
                if (std::ranges::find(known, kind) == known.end()) continue;
                node.endpoints[kind] = m_endpoints[name][kind] = endpoint;
            }
        }
}

Status NetworkFolder::addOrganisation(const TopologyOrganisation& organisation) {
    Topology with = topology();
    with.organisations.push_back(organisation);
    RETURN_IF_ERROR(checkTopology(with));
    NetworkPlan only = m_plan;
    only.topology = with;
    for (const PreviewNode& node : previewOf(only).nodes)
        if (node.organisation == organisation.name) m_endpoints[node.name] = node.endpoints;
    m_plan.topology = std::move(with);
    build();
    return save();
}

Status NetworkFolder::addNode(const std::string& organisation, const std::string& name,
                              const std::string& host) {
    Topology with = topology();
    std::string full;
    for (TopologyOrganisation& one : with.organisations)
        if (one.name == organisation) {
            one.nodes.push_back(name);
            full = name + "." + one.domain;
        }
    if (full.empty())
        return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                         "there is no organisation " + organisation,
                         {{"organisation", organisation}});
    RETURN_IF_ERROR(checkTopology(with));
    NetworkPlan only = m_plan;
    only.topology = with;
    for (const PreviewNode& node : previewOf(only).nodes)
        if (node.name == full) m_endpoints[full] = node.endpoints;
    if (!host.empty()) m_places[full] = host;
    m_plan.topology = std::move(with);
    build();
    return save();
}

Status NetworkFolder::removeNode(const std::string& name) {
    if (node(name) == nullptr || node(name)->isAuthority) return noSuchNode(name);
    for (TopologyOrganisation& one : m_plan.topology.organisations)
        std::erase_if(one.nodes,
                      [&](const std::string& node) { return node + "." + one.domain == name; });
    for (TopologyHost& host : m_plan.topology.hosts) std::erase(host.nodes, name);
    m_places.erase(name);
    m_endpoints.erase(name);
    build();
    return save();
}

Status NetworkFolder::setChannel(const TopologyChannel& channel) {
    Topology with = topology();
    const auto found = std::ranges::find(with.channels, channel.name, &TopologyChannel::name);
    if (found == with.channels.end())
        with.channels.push_back(channel);
    else
        *found = channel;
    RETURN_IF_ERROR(checkTopology(with));
    m_plan.topology = std::move(with);
    return save();
}

}  // namespace chancery::usecase
