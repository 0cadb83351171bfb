#include <algorithm>

#include "src/base/File.h"
#include "src/usecase/Json.h"
#include "src/usecase/LabFile.h"
#include "src/usecase/LabParts.h"
#include "src/usecase/Rfc3339.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFile = 64U << 20;

Status addFile(BackupWriter& writer, const std::string& path, BytesView bytes, std::uint32_t mode) {
    RETURN_IF_ERROR(writer.beginFile(path, mode));
    RETURN_IF_ERROR(writer.content(bytes));
    return writer.endFile();
}

Status addConsole(BackupWriter& writer, const fs::path& folder) {
    for (const std::string_view part : kLabConsoleFolders) {
        std::vector<fs::path> files;
        std::error_code failed;
        if (!fs::exists(folder / part, failed)) continue;
        for (fs::recursive_directory_iterator at(folder / part, failed), end; !failed && at != end;
             at.increment(failed))
            if (at->is_regular_file(failed) && !at->is_symlink(failed)) files.push_back(at->path());
        if (failed)
            return makeError(StatusCode::kUnavailable, "FILE_ERROR",
                             "cannot read " + (folder / part).string(),
                             {{"path", (folder / part).string()}});
        std::ranges::sort(files);
        for (const fs::path& file : files) {
            ASSIGN_OR_RETURN(const Bytes bytes, readFile(file, kMostFile));
            RETURN_IF_ERROR(addFile(
                writer, std::string(kLabConsole) + file.lexically_relative(folder).generic_string(),
                bytes, static_cast<std::uint32_t>(fs::status(file, failed).permissions())));
        }
    }
    return absl::OkStatus();
}

Result<LabContent::NodeContent> addNode(BackupWriter& writer, RunningNetwork& network,
                                        const NetworkNode& node, const ExportLabRequest& request) {
    LabContent::NodeContent content{
        .name = node.name, .kind = node.kind(), .endpoints = node.endpoints, .heights = {}};
    ASSIGN_OR_RETURN(interfaces::Host* const host, network.hosts().host(node.host));
    bool open = false;
    const auto close = [&] {
        const bool was = std::exchange(open, false);
        return was ? writer.endFile() : absl::OkStatus();
    };
    ASSIGN_OR_RETURN(content.heights,
                     host->files().copyOut(
                         network.folder().ref(node),
                         [&](const interfaces::HostFiles::Entry& entry) -> Status {
                             RETURN_IF_ERROR(close());
                             open = true;
                             return writer.beginFile(
                                 std::string(kLabNodes) + node.name + "/" + entry.path, entry.mode);
                         },
                         [&](BytesView bytes) -> Status {
                             if (!open)
                                 return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                                                  "the host sends bytes of no file");
                             content.bytes += bytes.size();
                             return writer.content(bytes);
                         },
                         request.deadline, request.stop));
    RETURN_IF_ERROR(close());
    return content;
}

std::string factsOf(const NetworkFolder& folder, const LabContent& content) {
    Json nodes = Json::array();
    for (const auto& node : content.nodes)
        nodes.push_back({{"name", node.name},
                         {"kind", node.kind},
                         {"engine", node.kind == "ca" ? "builtin" : content.topology.engine},
                         {"version", ""},
                         {"endpoints", node.endpoints},
                         {"labels", Json::object()},
                         {"heights", node.heights}});
    return Json{{"kind", "lab"},
                {"name", content.name},
                {"network", folder.id()},
                {"made", rfc3339(content.made)},
                {"with_keys", true},
                {"topology", Json::parse(toText(content.topology), nullptr, false)},
                {"log", content.logSpec},
                {"former", content.formerAddresses},
                {"nodes", std::move(nodes)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<LabContent> ExportLab::run(RunningNetwork& network, const ExportLabRequest& request,
                                  BytesView passphrase) const {
    const NetworkFolder& folder = network.folder();
    if (request.isOpen != passphrase.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_PASSPHRASE",
                         "a lab has a passphrase, or is said to be open");
    LabContent content{.name = folder.topology().name,
                       .made = request.now,
                       .topology = folder.topology(),
                       .logSpec = folder.plan().logSpec,
                       .formerAddresses = folder.formerAddresses(),
                       .scenario = request.scenario,
                       .isOpen = request.isOpen};
    if (content.scenario) RETURN_IF_ERROR(checkScenario(*content.scenario, content.topology));
    for (const NetworkNode& node : folder.nodes())
        if (const auto grpc = node.endpoints.find("grpc"); grpc != node.endpoints.end())
            content.formerAddresses.emplace(grpc->second, node.name);
    ASSIGN_OR_RETURN(const auto writer,
                     BackupWriter::create(request.out, passphrase,
                                          request.isOpen ? kOpenLabCost : request.cost));
    RETURN_IF_ERROR(addConsole(*writer, folder.folder()));
    if (content.scenario)
        RETURN_IF_ERROR(
            addFile(*writer, std::string(kLabScenario), toText(*content.scenario), 0600));
    std::vector<const NetworkNode*> nodes;
    for (const NetworkNode& node : folder.authorities()) nodes.push_back(&node);
    for (const bool peers : {true, false})
        for (const NetworkNode& node : folder.nodes())
            if (node.isPeer == peers) nodes.push_back(&node);
    for (const NetworkNode* node : nodes) {
        if (request.progress) request.progress(node->name);
        auto added = addNode(*writer, network, *node, request);
        if (!added.ok()) return withContext(added.status(), node->name);
        content.nodes.push_back(*std::move(added));
    }
    RETURN_IF_ERROR(writer->finish(factsOf(folder, content)));
    for (const ArchivedFile& file : writer->files()) ++content.files, content.bytes += file.bytes;
    return content;
}

}  // namespace chancery::usecase
