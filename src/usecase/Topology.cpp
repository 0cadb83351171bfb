#include "src/usecase/Topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/base/File.h"
#include "src/process/Command.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMostName = 32;
constexpr std::size_t kMostOrganisations = 64;
constexpr std::size_t kMostNodes = 256;
constexpr std::size_t kMostChannels = 64;

Status bad(const std::string& path, const std::string& what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_TOPOLOGY",
                     fmt::format("topology: {}: {}", path, what), {{"path", path}});
}

bool isOf(const std::string& text, std::string_view more) {
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != more.npos;
    });
}

/// Of files, of hosts in the network and of channels, in any of which other letters lead astray.
bool isDomain(const std::string& text) {
    return text.size() <= 64 && isOf(text, ".-") && text.front() != '.' && text.front() != '-' &&
           text.back() != '.' && text.find("..") == text.npos;
}

bool isGroupName(const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    });
}

/// Names that there are, for references to them.
struct Names {
    std::set<std::string> organisations, nodes, orderers, authorities;
    std::map<std::string, bool> hasPeers;  ///< of organisations
};

Status checkOrganisation(const TopologyOrganisation& one, const std::string& path, Names& names) {
    const bool peers = one.kind == OrganisationPlan::Kind::Peers;
    if (!isGroupName(one.name)) return bad(path + "/name", "is no name of an organisation");
    if (!isGroupName(one.mspId.str())) return bad(path + "/mspId", "is no MSP id");
    if (!isDomain(one.domain)) return bad(path + "/domain", "is no domain in small letters");
    if (!names.organisations.insert(one.name).second) return bad(path + "/name", "stands twice");
    if (!names.authorities.insert("ca." + one.domain).second)
        return bad(path + "/domain", "stands twice");
    names.hasPeers[one.name] = peers && !one.nodes.empty();
    if (!peers && one.nodes.empty()) return bad(path + "/orderers", "are missing");
    for (const std::string& node : one.nodes) {
        const std::string full = node + "." + one.domain;
        if (!isDomain(node) || full.size() > 64 || node == "ca" || node == "tlsca")
            return bad(path, fmt::format("'{}' is no name of a node", node));
        if (!names.nodes.insert(full).second) return bad(path, full + " stands twice");
        if (!peers) names.orderers.insert(full);
    }
    std::set<std::string> users{"Admin"};
    for (const std::string& user : one.users) {
        if (!isGroupName(user)) return bad(path + "/users", "has a name that is none");
        if (!users.insert(user).second) return bad(path + "/users", user + " stands twice");
    }
    return absl::OkStatus();
}

Status checkChannel(const Topology& topology, const TopologyChannel& channel,
                    const std::string& path, const Names& names) {
    if (!isDomain(channel.name.str()) || !std::isalpha(channel.name.str().front()))
        return bad(path + "/name", "is no name of a channel");
    if (channel.members.empty()) return bad(path + "/members", "are missing");
    std::set<std::string> members;
    for (const std::string& member : channel.members) {
        const auto known = names.hasPeers.find(member);
        if (known == names.hasPeers.end() || !known->second)
            return bad(path + "/members", member + " is no organisation with peers");
        if (!members.insert(member).second) return bad(path + "/members", member + " stands twice");
    }
    std::set<std::string> consenters;
    for (const std::string& consenter : channel.consenters) {
        if (!names.orderers.contains(consenter))
            return bad(path + "/consenters", consenter + " is no orderer");
        if (!consenters.insert(consenter).second)
            return bad(path + "/consenters", consenter + " stands twice");
    }
    if (consenters.empty()) return bad(path + "/consenters", "are missing");
    // Our orderers do not keep a log together yet, so a second one would be another ledger.
    if (topology.engine == "builtin" && consenters.size() > 1)
        return bad(path + "/consenters",
                   "must be one: the built-in engine has no replicated log yet");
    std::set<std::string> contracts;
    for (const TopologyContract& contract : channel.contracts) {
        if (!isGroupName(contract.name)) return bad(path + "/contracts", "has a name that is none");
        if (!isOf(contract.source, "-_")) return bad(path + "/contracts", "has a bad source");
        if (!contracts.insert(contract.name).second)
            return bad(path + "/contracts", contract.name + " stands twice");
    }
    return absl::OkStatus();
}

}  // namespace

const TopologyOrganisation* Topology::organisation(const std::string& wanted) const {
    for (const TopologyOrganisation& one : organisations)
        if (one.name == wanted) return &one;
    return nullptr;
}

std::string Topology::hostOf(const std::string& node) const {
    for (const TopologyHost& host : hosts)
        if (std::ranges::find(host.nodes, node) != host.nodes.end()) return host.name;
    return hosts.empty() ? std::string() : hosts.front().name;
}

Status checkTopology(const Topology& topology) {
    if (!isOf(topology.name, "-") || topology.name.size() > kMostName)
        return bad("/name", "must be of a-z, 0-9 and -, at most 32");
    if (topology.engine != "builtin" && topology.engine != "fabric")
        return bad("/engine", "is none that there is");
    if (topology.engine == "fabric" && !topology.suite->fabricCompatible)
        return bad("/suite", "is none that Fabric understands");
    if (topology.organisations.size() > kMostOrganisations)
        return bad("/organisations", "are too many");
    if (topology.channels.size() > kMostChannels) return bad("/channels", "are too many");
    Names names;
    std::size_t peers = 0;
    std::size_t orderers = 0;
    for (const TopologyOrganisation& one : topology.organisations) {
        const std::string path = one.kind == OrganisationPlan::Kind::Peers
                                     ? fmt::format("/organisations/{}", peers++)
                                     : fmt::format("/ordering/{}", orderers++);
        RETURN_IF_ERROR(checkOrganisation(one, path, names));
    }
    if (names.nodes.size() > kMostNodes) return bad("/organisations", "have too many nodes");
    std::set<ChannelId> channels;
    for (std::size_t i = 0; i < topology.channels.size(); ++i) {
        const std::string path = fmt::format("/channels/{}", i);
        RETURN_IF_ERROR(checkChannel(topology, topology.channels[i], path, names));
        if (!channels.insert(topology.channels[i].name).second)
            return bad(path + "/name", "stands twice");
    }
    std::set<std::string> hosts, placed;
    for (std::size_t i = 0; i < topology.hosts.size(); ++i) {
        const std::string path = fmt::format("/hosts/{}", i);
        const TopologyHost& host = topology.hosts[i];
        if (!isDomain(host.name)) return bad(path + "/name", "is no name of a host");
        if (!hosts.insert(host.name).second) return bad(path + "/name", "stands twice");
        for (const std::string& node : host.nodes) {
            if (!names.nodes.contains(node) && !names.authorities.contains(node))
                return bad(path + "/nodes", node + " is no node");
            if (!placed.insert(node).second) return bad(path + "/nodes", node + " stands twice");
        }
    }
    const std::size_t all = names.nodes.size() + names.authorities.size();
    if (topology.firstPort != 0 && topology.firstPort + all * topology.portStep > 65'535)
        return bad("/ports", "end above 65535");
    for (std::size_t i = 0; i < topology.scenario.size(); ++i) {
        const TopologyCall& call = topology.scenario[i];
        const std::string path = fmt::format("/scenario/{}", i);
        if (!channels.contains(call.channel)) return bad(path + "/channel", "is none");
        if (!names.hasPeers.contains(call.organisation))
            return bad(path + "/organisation", "is none");
        if (call.arguments.empty()) return bad(path + "/arguments", "are missing");
    }
    return absl::OkStatus();
}

Result<Topology> findTopology(const std::string& nameOrFile) {
    if (nameOrFile.find('/') != nameOrFile.npos || nameOrFile.ends_with(".json")) {
        ASSIGN_OR_RETURN(const Bytes text, readFile(nameOrFile, 4U << 20));
        return readTopology(text);
    }
    std::string names;
    for (const Topology& topology : builtInTopologies()) {
        if (topology.name == nameOrFile) return topology;
        names += (names.empty() ? "" : ", ") + topology.name;
    }
    return makeError(StatusCode::kNotFound, "NO_TOPOLOGY",
                     fmt::format("there is no topology {}; there are: {}", nameOrFile, names),
                     {{"topology", nameOrFile}, {"known", names}});
}

Result<std::filesystem::path> findContractFolder(const std::string& name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    std::vector<std::filesystem::path> places{self.parent_path() / "share/chancery/contracts"};
    // A checkout has build/bin or build/tests/… somewhere below it.
    for (auto above = self; above.has_relative_path(); above = above.parent_path())
        places.push_back(above / "resources/contracts");
    for (const auto& place : places)
        if (isOf(name, "-_") && std::filesystem::exists(place / name / "package.json", error))
            return place / name;
    return makeError(StatusCode::kNotFound, "NO_SUCH_CONTRACT_FOLDER",
                     fmt::format("the contract {} is not among those of the program", name),
                     {{"contract", name}});
}

}  // namespace chancery::usecase
