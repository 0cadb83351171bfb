#include "src/usecase/StartNetwork.h"

#include <nlohmann/json.hpp>

#include "src/process/Command.h"

namespace chancery::usecase {
namespace {

std::map<std::string, std::string> endpointsOf(const std::string& ready) {
    std::map<std::string, std::string> endpoints;
    const auto json = nlohmann::json::parse(ready, nullptr, false);
    if (!json.is_object() || !json.contains("endpoints") || !json["endpoints"].is_object())
        return endpoints;
    for (const auto& [name, endpoint] : json["endpoints"].items())
        if (endpoint.is_string()) endpoints[name] = endpoint.get<std::string>();
    return endpoints;
}

}  // namespace

RunningNetwork::RunningNetwork(NetworkFolder folder, std::filesystem::path nodeProgram)
    : m_folder(std::move(folder)), m_nodeProgram(std::move(nodeProgram)) {}

RunningNetwork::~RunningNetwork() {
    stopAll();
}

Status RunningNetwork::launch(const NetworkNode& node) {
    auto child =
        process::Child::start({.program = m_nodeProgram,
                               .arguments = {node.kind(), "--config", node.config.string()},
                               .environment = process::minimalEnvironment(),
                               .folder = node.config.parent_path()});
    if (!child.ok()) return withContext(child.status(), node.name);
    m_children[node.name] = *std::move(child);
    return absl::OkStatus();
}

Status RunningNetwork::settle(const std::string& name, Deadline deadline) {
    const auto ready = m_children.at(name)->waitReady(deadline);
    if (!ready.ok()) {
        m_children.erase(name);
        return withContext(ready.status(), name);
    }
    return m_folder.setEndpoints(name, endpointsOf(*ready));
}

Status RunningNetwork::start(const std::vector<const NetworkNode*>& nodes, Deadline deadline) {
    std::vector<std::string> begun;
    for (const NetworkNode* node : nodes) {
        if (child(node->name) != nullptr) continue;
        RETURN_IF_ERROR(launch(*node));
        begun.push_back(node->name);
    }
    for (const std::string& name : begun) RETURN_IF_ERROR(settle(name, deadline));
    return m_folder.save();
}

Status RunningNetwork::startAuthorities(Deadline deadline) {
    std::vector<const NetworkNode*> all;
    for (const NetworkNode& authority : m_folder.authorities()) all.push_back(&authority);
    return start(all, deadline);
}

Status RunningNetwork::startAll(Deadline deadline) {
    std::vector<const NetworkNode*> all;
    for (const auto* nodes : {&m_folder.authorities(), &m_folder.nodes()})
        for (const NetworkNode& node : *nodes) all.push_back(&node);
    return start(all, deadline);
}

Status RunningNetwork::startNode(const std::string& name, Deadline deadline) {
    const NetworkNode* node = m_folder.node(name);
    if (node == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_NODE", "there is no node " + name,
                         {{"node", name}});
    if (child(name) != nullptr) return absl::OkStatus();
    RETURN_IF_ERROR(launch(*node));
    RETURN_IF_ERROR(settle(name, deadline));
    return m_folder.save();
}

void RunningNetwork::stopAll() {
    for (const std::string_view kind : {"peer", "orderer", "ca"}) {
        std::vector<std::string> names;
        for (const auto* nodes : {&m_folder.nodes(), &m_folder.authorities()})
            for (const NetworkNode& node : *nodes)
                if (node.kind() == kind && m_children.contains(node.name))
                    names.push_back(node.name);
        // All of a kind are asked first, so that they end together.
        for (const std::string& name : names) m_children.at(name)->closeInput();
        for (const std::string& name : names) stopNode(name);
    }
}

void RunningNetwork::stopNode(const std::string& name) {
    if (const auto found = m_children.find(name); found != m_children.end()) {
        found->second->end();
        m_children.erase(found);
    }
}

void RunningNetwork::killNode(const std::string& name) {
    if (const auto found = m_children.find(name); found != m_children.end()) {
        found->second->killGroup();
        m_children.erase(found);
    }
}

process::Child* RunningNetwork::child(const std::string& name) {
    const auto found = m_children.find(name);
    if (found == m_children.end() || !found->second->isRunning()) return nullptr;
    return found->second.get();
}

Result<std::unique_ptr<process::Child>> startCas(const CaFolder& folder,
                                                 const std::filesystem::path& nodeProgram,
                                                 Deadline deadline) {
    ASSIGN_OR_RETURN(CaSettings settings, folder.read());
    const auto config = std::filesystem::absolute(folder.config());
    ASSIGN_OR_RETURN(auto child,
                     process::Child::start({.program = nodeProgram,
                                            .arguments = {"ca", "--config", config.string()},
                                            .environment = process::minimalEnvironment(),
                                            .folder = config.parent_path()}));
    ASSIGN_OR_RETURN(const std::string ready, child->waitReady(deadline));
    const auto endpoints = endpointsOf(ready);
    const auto chosen = endpoints.find("https");
    if (chosen == endpoints.end() || !settings.listen.ends_with(":0")) return child;
    settings.listen = chosen->second;
    RETURN_IF_ERROR(folder.write(settings));
    return child;
}

Result<std::filesystem::path> findNodeProgram() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    for (const auto& folder : {self.parent_path(), self.parent_path().parent_path() / "bin"})
        if (std::filesystem::exists(folder / "chancery-node", error))
            return folder / "chancery-node";
    return process::findProgram("chancery-node");
}

}  // namespace chancery::usecase
