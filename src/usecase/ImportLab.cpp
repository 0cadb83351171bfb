#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "src/base/File.h"
#include "src/interfaces/Node.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/InParallel.h"
#include "src/usecase/LabFile.h"
#include "src/usecase/LabParts.h"
#include "src/usecase/NodeFiles.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;
using interfaces::HostFiles;

constexpr std::uint64_t kMostSecret = 1U << 20;
constexpr std::size_t kPiece = 1U << 20;
constexpr std::chrono::seconds kRemovePatience{30};

Status fileError(const fs::path& path) {
    return makeError(StatusCode::kUnavailable, "FILE_ERROR", "cannot read " + path.string(),
                     {{"path", path.string()}});
}

/// A folder that goes when the work is over.
class Scratch {
public:
    explicit Scratch(fs::path folder) : m_folder(std::move(folder)) {}
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const fs::path& folder() const { return m_folder; }

private:
    const fs::path m_folder;
};

/// Data files of a node, one after the other, as copyIn asks for them.
class DataFiles {
public:
    static Result<DataFiles> open(const fs::path& node) {
        DataFiles files;
        std::error_code failed;
        if (fs::exists(node / "data", failed))
            for (fs::recursive_directory_iterator at(node / "data", failed), end;
                 !failed && at != end; at.increment(failed))
                if (at->is_regular_file(failed)) files.m_paths.push_back(at->path());
        if (failed) return fileError(node);
        std::ranges::sort(files.m_paths);
        files.m_node = node;
        return files;
    }

    Result<std::optional<HostFiles::Entry>> next() {
        if (m_at == m_paths.size()) return std::optional<HostFiles::Entry>();
        const fs::path& path = m_paths[m_at++];
        m_in = std::ifstream(path, std::ios::binary);
        std::error_code failed;
        const std::uint64_t size = fs::file_size(path, failed);
        if (failed || !m_in) return fileError(path);
        return std::optional(HostFiles::Entry{
            .path = path.lexically_relative(m_node).generic_string(), .bytes = size, .mode = 0600});
    }
    Result<Bytes> piece() {
        Bytes bytes(kPiece, '\0');
        m_in.read(bytes.data(), std::streamsize(bytes.size()));
        if (m_in.bad()) return fileError(m_paths[m_at - 1]);
        bytes.resize(std::size_t(m_in.gcount()));
        return bytes;
    }

private:
    fs::path m_node;
    std::vector<fs::path> m_paths;
    std::size_t m_at = 0;
    std::ifstream m_in;
};

/// Nodes at this machine listen on its loopback only, wherever they did before.
std::map<std::string, std::string> atLoopback(const std::map<std::string, std::string>& endpoints) {
    std::map<std::string, std::string> here;
    for (const auto& [kind, endpoint] : endpoints)
        if (const auto parts = interfaces::splitEndpoint(endpoint); parts.ok())
            here[kind] = fmt::format("127.0.0.1:{}", parts->port);
    return here;
}

class Importer {
public:
    Importer(const ImportLabRequest& request, fs::path unpacked, ImportedLab& lab)
        : m_request(request), m_unpacked(std::move(unpacked)), m_lab(lab) {}

    /// The console's side.
    Result<NetworkFolder> makeFolderOf() {
        LabContent& content = m_lab.content;
        NetworkPlan plan{.folder = m_request.folder, .topology = content.topology};
        if (!m_request.name.empty()) plan.topology.name = m_request.name;
        plan.logSpec = content.logSpec.empty() ? plan.logSpec : content.logSpec;
        std::map<std::string, std::map<std::string, std::string>> endpoints;
        for (const auto& node : content.nodes) endpoints[node.name] = atLoopback(node.endpoints);
        ASSIGN_OR_RETURN(NetworkFolder folder,
                         NetworkFolder::adopt(plan, endpoints, content.formerAddresses));
        for (const std::string_view part : kLabConsoleFolders) {
            std::error_code failed;
            const fs::path from = m_unpacked / kLabConsole / part;
            if (!fs::exists(from, failed)) continue;
            fs::rename(from, folder.folder() / part, failed);
            if (failed)
                return makeError(StatusCode::kUnavailable, "FILE_ERROR",
                                 "cannot write " + (folder.folder() / part).string(),
                                 {{"path", (folder.folder() / part).string()}, {"writing", "1"}});
        }
        if (content.scenario)
            RETURN_IF_ERROR(writeFileAtomically(folder.folder() / "scenario.json",
                                                toText(*content.scenario), 0600));
        return folder;
    }

    Status bring(RunningNetwork& network) {
        RETURN_IF_ERROR(choosePorts(network));
        const NetworkFolder& folder = network.folder();
        for (std::size_t i = 0; i < folder.organisations().size(); ++i)
            RETURN_IF_ERROR(folder.caFolder(i).write(folder.caSettings(i)));
        std::vector<const NetworkNode*> nodes;
        for (const auto* some : {&folder.authorities(), &folder.nodes()})
            for (const NetworkNode& node : *some) nodes.push_back(&node);
        RETURN_IF_ERROR(
            inParallel<const NetworkNode*>(nodes, [&](const NetworkNode* const& node) -> Status {
                return withContext(bringNode(network, *node), node->name);
            }));
        RETURN_IF_ERROR(network.startAll(m_request.deadline, m_request.stop));
        return checkHeights(network);
    }

private:
    Status choosePorts(RunningNetwork& network) {
        NetworkFolder& folder = network.folder();
        ASSIGN_OR_RETURN(interfaces::Host* const host,
                         network.hosts().host(folder.hosts().front().name));
        std::vector<std::pair<std::string, std::string>> taken;  // node, kind of endpoint
        std::set<std::string> used;
        for (const auto* nodes : {&folder.authorities(), &folder.nodes()})
            for (const NetworkNode& node : *nodes)
                for (const auto& [kind, endpoint] : node.endpoints) {
                    ASSIGN_OR_RETURN(const bool isFree, isFreeAt(*host, endpoint));
                    if (!isFree || !used.insert(endpoint).second)
                        taken.emplace_back(node.name, kind);
                }
        if (taken.empty()) return absl::OkStatus();
        if (folder.topology().engine != "builtin")
            return makeError(StatusCode::kFailedPrecondition, "PORT_TAKEN",
                             fmt::format("{} cannot listen where it did, and Fabric's own nodes "
                                         "cannot move",
                                         taken.front().first),
                             {{"node", taken.front().first}});
        // Some may be ports that others of the network keep.
        ASSIGN_OR_RETURN(auto ports,
                         host->freePorts(static_cast<std::uint32_t>(taken.size() + used.size()),
                                         m_request.deadline));
        for (const auto& [name, kind] : taken) {
            std::string to;
            while (!ports.empty() && (to.empty() || used.contains(to))) {
                to = fmt::format("127.0.0.1:{}", ports.back());
                ports.pop_back();
            }
            used.insert(to);
            m_lab.moved.push_back({.node = name,
                                   .endpoint = kind,
                                   .from = folder.node(name)->endpoints.at(kind),
                                   .to = to});
            folder.setEndpoints(name, {{kind, to}});
        }
        return folder.save();
    }

    Result<bool> isFreeAt(interfaces::Host& host, const std::string& endpoint) const {
        interfaces::HostNeeds needs;
        needs.endpoints = {endpoint};
        ASSIGN_OR_RETURN(const auto findings, host.preflight(needs, m_request.deadline));
        return std::ranges::none_of(findings, [](const auto& finding) { return finding.prevents; });
    }

    Status bringNode(RunningNetwork& network, const NetworkNode& node) const {
        const fs::path files = m_unpacked / kLabNodes / node.name;
        ASSIGN_OR_RETURN(interfaces::Host* const host, network.hosts().host(node.host));
        ASSIGN_OR_RETURN(auto plan, planOf(network.folder(), node, files));
        const Status applied = host->nodes().apply(plan, m_request.deadline).status();
        for (interfaces::PlannedFile& file : plan.files)
            if (file.secret) crypto::wipe(file.content);
        RETURN_IF_ERROR(applied);
        ASSIGN_OR_RETURN(DataFiles data, DataFiles::open(files));
        return host->files().copyIn(
            plan.ref, [&] { return data.next(); }, [&] { return data.piece(); }, m_request.deadline,
            m_request.stop);
    }

    static Result<interfaces::NodePlan> planOf(const NetworkFolder& folder, const NetworkNode& node,
                                               const fs::path& files) {
        if (!node.isAuthority) return NodeFiles(folder).member(node);
        std::vector<interfaces::PlannedFile> own;
        for (const auto& [path, isSecret] : std::initializer_list<std::pair<const char*, bool>>{
                 {"registrar.secret", true}, {"keys/tls.crt", false}, {"keys/tls.key", true}}) {
            ASSIGN_OR_RETURN(Bytes content, readFile(files / path, kMostSecret));
            own.push_back({.path = path, .content = std::move(content), .secret = isSecret});
        }
        return NodeFiles(folder).authority(node, std::move(own));
    }

    /// Peers may have gone on: with blocks that their orderer had when it was copied, after them.
    Status checkHeights(RunningNetwork& network) const {
        for (const auto& node : m_lab.content.nodes) {
            if (node.heights.empty()) continue;
            const NetworkNode* known = network.folder().node(node.name);
            ASSIGN_OR_RETURN(interfaces::Host* const host, network.hosts().host(known->host));
            const auto channels =
                host->node(network.folder().ref(*known))->channels(m_request.deadline);
            if (channels.status().code() == StatusCode::kUnimplemented) continue;
            RETURN_IF_ERROR(withContext(channels.status(), node.name));
            for (const auto& [channel, height] : node.heights) {
                const auto found = std::ranges::find(*channels, ChannelId(channel),
                                                     &interfaces::NodeChannel::channel);
                if (found == channels->end() || found->height < height)
                    return makeError(StatusCode::kDataLoss, "LAB_DIFFERS",
                                     fmt::format("{} has fewer blocks of {} than the lab file",
                                                 node.name, channel),
                                     {{"node", node.name}});
            }
        }
        return absl::OkStatus();
    }

    const ImportLabRequest& m_request;
    const fs::path m_unpacked;
    ImportedLab& m_lab;
};

}  // namespace

Result<ImportedLab> ImportLab::run(const ImportLabRequest& request, const HostsOpener& open,
                                   BytesView passphrase) const {
    std::error_code error;
    if (fs::exists(request.folder, error))
        return makeError(StatusCode::kAlreadyExists, "NETWORK_EXISTS",
                         request.folder.string() + " is there already",
                         {{"path", request.folder.string()}});
    // Beside the folder, so that files move and are not copied.
    fs::path beside = fs::absolute(request.folder).lexically_normal();
    beside += ".incoming";
    if (fs::exists(beside, error))
        return makeError(StatusCode::kAlreadyExists, "FILE_ERROR",
                         beside.string() + " is there already", {{"path", beside.string()}});
    const Scratch scratch(beside);
    ImportedLab lab;
    ASSIGN_OR_RETURN(lab.content, readLab(request.file, passphrase, scratch.folder()));
    Importer importer(request, scratch.folder(), lab);
    auto folder = importer.makeFolderOf();
    if (!folder.ok()) {
        fs::remove_all(request.folder, error);
        return folder.status();
    }
    auto hosts = open(*folder);
    if (!hosts.ok()) {
        static_cast<void>(folder->remove());
        return hosts.status();
    }
    lab.network = std::make_unique<RunningNetwork>(*std::move(folder), *std::move(hosts));
    Status brought = importer.bring(*lab.network);
    if (brought.ok())
        brought = CreateNetwork(m_connector, request.deadline).writeProfiles(lab.network->folder());
    if (brought.ok()) return lab;
    static_cast<void>(CreateNetwork::remove(*lab.network, deadlineIn(kRemovePatience)));
    return brought;
}

}  // namespace chancery::usecase
