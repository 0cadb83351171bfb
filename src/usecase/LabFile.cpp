#include "src/usecase/LabFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "src/base/Encoding.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/Json.h"
#include "src/usecase/LabParts.h"
#include "src/usecase/NewFile.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostConsoleBytes = 256U << 20;
constexpr std::size_t kMostFiles = 1'000'000;

Status badLab(const std::string& why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_LAB",
                     "the lab file does not describe a network: " + why);
}

Status tooLarge(const std::string& what) {
    return makeError(StatusCode::kResourceExhausted, "LAB_TOO_LARGE", "the lab file has " + what);
}

/// Writes what a lab holds below a folder, as it comes, and keeps the scenario.
class Unpacker final : public BackupVisitor {
public:
    explicit Unpacker(fs::path folder) : m_folder(std::move(folder)) {}

    Status begin(const ArchivedFile& file) override {
        if (++m_files > kMostFiles) return tooLarge(fmt::format("more than {} files", kMostFiles));
        m_isScenario = file.path == kLabScenario;
        m_isConsole = file.path.starts_with(kLabConsole);
        if (m_folder.empty() || m_isScenario) return absl::OkStatus();
        const fs::path path = m_folder / file.path;
        RETURN_IF_ERROR(makeFolder(path.parent_path()));
        auto made = NewFile::create(path);
        if (!made.ok()) return made.status();
        m_file.emplace(*std::move(made));
        return absl::OkStatus();
    }
    Status content(BytesView bytes) override {
        if (m_isScenario) {
            if (scenario.size() + bytes.size() > kMostScenarioBytes)
                return tooLarge("a scenario that is larger than any may be");
            scenario.append(bytes);
        }
        if (m_isConsole && (m_console += bytes.size()) > kMostConsoleBytes)
            return tooLarge("more settings and certificates than any network");
        return m_file ? m_file->write(bytes) : absl::OkStatus();
    }
    Status end() override {
        if (!m_file) return absl::OkStatus();
        const Status finished = m_file->finish(false);
        m_file.reset();
        return finished;
    }

    Bytes scenario;

private:
    const fs::path m_folder;
    std::optional<NewFile> m_file;
    bool m_isScenario = false;
    bool m_isConsole = false;
    std::size_t m_files = 0;
    std::uint64_t m_console = 0;
};

std::map<std::string, std::string> textsOf(const Json& json, const char* name) {
    std::map<std::string, std::string> texts;
    const auto found = json.find(name);
    if (found != json.end() && found->is_object())
        for (const auto& [key, value] : found->items())
            if (value.is_string()) texts[key] = value.get<std::string>();
    return texts;
}

std::string textOf(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Names and kinds as the topology has them.
std::map<std::string, std::string> nodesOf(const Topology& topology) {
    std::map<std::string, std::string> nodes;
    for (const PreviewNode& node : previewOf({.folder = {}, .topology = topology}).nodes)
        nodes[node.name] = node.kind;
    return nodes;
}

Status addNode(const Json& json, const std::map<std::string, std::string>& known,
               LabContent& content) {
    if (!json.is_object()) return badLab("a node is no object");
    LabContent::NodeContent node{.name = textOf(json, "name"),
                                 .kind = textOf(json, "kind"),
                                 .endpoints = textsOf(json, "endpoints"),
                                 .heights = {}};
    const auto found = known.find(node.name);
    if (found == known.end() || found->second != node.kind)
        return badLab(printable(node.name, 128) + " is no node of its topology");
    for (const auto& one : content.nodes)
        if (one.name == node.name) return badLab(node.name + " is there twice");
    for (const auto& [kind, endpoint] : node.endpoints) {
        const auto& kinds = endpointNames(node.kind);
        const auto parts = interfaces::splitEndpoint(endpoint);
        if (std::ranges::find(kinds, kind) == kinds.end() || !parts.ok())
            return badLab(node.name + " listens at no address");
    }
    const auto heights = json.find("heights");
    if (heights != json.end() && heights->is_object())
        for (const auto& [channel, height] : heights->items())
            if (height.is_number_unsigned()) node.heights[channel] = height.get<std::uint64_t>();
    content.nodes.push_back(std::move(node));
    return absl::OkStatus();
}

Result<LabContent> contentOf(const BackupManifest& manifest, const Bytes& scenario) {
    const Json facts = Json::parse(manifest.facts, nullptr, false);
    if (!facts.is_object() || textOf(facts, "kind") != "lab")
        return makeError(StatusCode::kInvalidArgument, "NOT_A_LAB",
                         "the file is a backup and no lab: it is restored, not imported");
    LabContent content{.name = textOf(facts, "name"), .logSpec = textOf(facts, "log")};
    if (!absl::ParseTime(absl::RFC3339_full, textOf(facts, "made"), &content.made, nullptr))
        return badLab("it does not say when it was made");
    const auto topology = facts.find("topology");
    if (topology == facts.end()) return badLab("it has no topology");
    ASSIGN_OR_RETURN(content.topology,
                     readTopology(topology->dump(-1, ' ', false, Json::error_handler_t::replace)));
    const auto known = nodesOf(content.topology);
    const auto nodes = facts.find("nodes");
    if (nodes == facts.end() || !nodes->is_array()) return badLab("it has no nodes");
    for (const Json& node : *nodes) RETURN_IF_ERROR(addNode(node, known, content));
    if (content.nodes.size() != known.size()) return badLab("nodes of its topology are missing");
    content.formerAddresses = textsOf(facts, "former");
    for (const ArchivedFile& file : manifest.files) {
        ++content.files;
        content.bytes += file.bytes;
        bool isKnown = file.path == kLabScenario || isConsoleOfLab(file.path);
        for (auto& node : content.nodes)
            if (file.path.starts_with(std::string(kLabNodes) + node.name + "/")) {
                node.bytes += file.bytes;
                isKnown = true;
            }
        if (!isKnown) return badLab(printable(file.path, 256) + " belongs to nothing in it");
    }
    if (!scenario.empty()) {
        ASSIGN_OR_RETURN(content.scenario, readScenario(scenario));
        RETURN_IF_ERROR(checkScenario(*content.scenario, content.topology));
    }
    return content;
}

}  // namespace

bool isConsoleOfLab(std::string_view path) {
    if (!path.starts_with(kLabConsole)) return false;
    path.remove_prefix(kLabConsole.size());
    return std::ranges::any_of(kLabConsoleFolders, [&](std::string_view folder) {
        return path.size() > folder.size() && path.starts_with(folder) &&
               path[folder.size()] == '/';
    });
}

Result<bool> isOpenLab(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    Bytes header(kBackupMagic.size() + 3, '\0');
    in.read(header.data(), std::streamsize(header.size()));
    if (!in && in.gcount() == 0)
        return makeError(StatusCode::kNotFound, "FILE_ERROR", "cannot read " + file.string(),
                         {{"path", file.string()}});
    if (std::size_t(in.gcount()) != header.size() || !header.starts_with(kBackupMagic))
        return makeError(StatusCode::kInvalidArgument, "NOT_A_BACKUP",
                         file.string() + " is no lab file", {{"path", file.string()}});
    const auto at = [&](std::size_t i) {
        return unsigned(std::uint8_t(header[kBackupMagic.size() + i]));
    };
    return crypto::ScryptCost{.log2N = at(0), .r = at(1), .p = at(2)} == kOpenLabCost;
}

Result<LabContent> readLab(const fs::path& file, BytesView passphrase, const fs::path& folder) {
    ASSIGN_OR_RETURN(const bool isOpen, isOpenLab(file));
    if (!folder.empty()) RETURN_IF_ERROR(makeFolder(folder));
    const auto read = [&]() -> Result<LabContent> {
        Unpacker unpacker(folder);
        ASSIGN_OR_RETURN(const BackupManifest manifest,
                         readBackup(file, isOpen ? BytesView() : passphrase, &unpacker));
        ASSIGN_OR_RETURN(LabContent content, contentOf(manifest, unpacker.scenario));
        content.isOpen = isOpen;
        return content;
    };
    auto content = read();
    if (!content.ok() && !folder.empty()) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    return content;
}

}  // namespace chancery::usecase
