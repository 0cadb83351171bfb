#include "node/agent/Engines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "src/base/Encoding.h"
#include "src/process/Child.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr const char* kNode = "chancery-node";
constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kMaxFolders = 64;

bool isProgram(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    if (folder.empty()) return found;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory(error) && found.size() < kMaxFolders) found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

std::vector<std::string> outputOf(const fs::path& program, std::vector<std::string> arguments) {
    std::vector<std::string> lines;
    process::Listener listener;
    listener.line = [&](process::Stream, std::string_view line) {
        if (lines.size() < 100) lines.push_back(printable(line, 300));
    };
    process::Command command;
    command.program = program;
    command.arguments = std::move(arguments);
    command.environment = process::minimalEnvironment();
    command.endsWithUs = SIGKILL;
    auto child = process::Child::start(std::move(command), std::move(listener));
    if (!child.ok()) return {};
    const auto exit = (*child)->waitEnd(deadlineIn(kPatience));
    child->reset();  // no more lines from here on
    return exit.ok() && exit->ok() ? lines : std::vector<std::string>();
}

/// What a kind of node is called among Fabric's programs.
std::string fabricProgram(const std::string& kind) {
    return kind == "peer" || kind == "orderer" ? kind : std::string();
}

}  // namespace

bool isOlder(const std::string& a, const std::string& b) {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const auto numberAt = [&](const std::string& text, std::size_t& at) {
                std::size_t end = at;
                while (end < text.size() && isDigit(text[end])) ++end;
                while (at + 1 < end && text[at] == '0') ++at;
                std::string digits = text.substr(at, end - at);
                at = end;
                return digits;
            };
            const std::string x = numberAt(a, i), y = numberAt(b, j);
            if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
            continue;
        }
        if (a[i] != b[j]) return a[i] < b[j];
        ++i;
        ++j;
    }
    // "2.0.0-rc1" comes before "2.0.0".
    if (i == a.size() && j < b.size()) return b[j] != '-';
    return i < a.size() && a[i] == '-';
}

std::string versionIn(const std::vector<std::string>& lines) {
    for (std::string_view line : lines) {
        while (line.starts_with(' ')) line.remove_prefix(1);
        for (const std::string_view head : {"chancery-node ", "Version: "})
            if (line.starts_with(head)) {
                line.remove_prefix(head.size());
                if (line.starts_with('v')) line.remove_prefix(1);
                return std::string(line.substr(0, std::min<std::size_t>(line.find(' '), 60)));
            }
    }
    return {};
}

std::string Engines::versionOf(const fs::path& program) {
    std::error_code error;
    const auto changed = fs::last_write_time(program, error);
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_known.find(program);
        if (known != m_known.end() && known->second.changed == changed)
            return known->second.version;
    }
    const bool isOurs = program.filename() == kNode;
    const std::string version = versionIn(outputOf(program, {isOurs ? "--version" : "version"}));
    const std::lock_guard lock(m_mutex);
    m_known[program] = {changed, version};
    return version;
}

std::vector<FoundEngine> Engines::list() {
    std::vector<FoundEngine> found;
    const auto add = [&](const char* name, const fs::path& folder, std::string version,
                         std::string problem) {
        const bool isKnown = std::ranges::any_of(found, [&](const FoundEngine& engine) {
            return engine.name == name && engine.version == version && engine.problem.empty();
        });
        if (!isKnown || !problem.empty())
            found.push_back({name, std::move(version), folder, std::move(problem)});
    };
    // Our own version came with this program.
    if (isProgram(m_places.programs / kNode))
        add(kBuiltin, m_places.programs, CHANCERY_VERSION, {});
    else
        add(kBuiltin, m_places.programs, {},
            fmt::format("{} is not in {}", kNode, m_places.programs.string()));
    for (const fs::path& folder : foldersIn(m_places.others)) {
        if (!isProgram(folder / kNode)) continue;
        const std::string version = versionOf(folder / kNode);
        add(kBuiltin, folder, version,
            version.empty() ? fmt::format("{} does not say its version", (folder / kNode).string())
                            : std::string());
    }
    std::vector<fs::path> places;
    if (!m_places.fabric.empty()) places = {m_places.fabric, m_places.fabric / "bin"};
    for (const fs::path& folder : foldersIn(m_places.fabric)) {
        if (folder.filename() != "bin") places.push_back(folder);
        places.push_back(folder / "bin");
    }
    bool hasFabric = false;
    for (const fs::path& folder : places) {
        if (!isProgram(folder / "peer") && !isProgram(folder / "orderer")) continue;
        hasFabric = true;
        const std::string version =
            versionOf(folder / (isProgram(folder / "peer") ? "peer" : "orderer"));
        add(kFabric, folder, version,
            version.empty()
                ? fmt::format("the programs in {} do not say their version", folder.string())
                : std::string());
    }
    if (!hasFabric)
        add(kFabric, m_places.fabric, {},
            m_places.fabric.empty()
                ? "the agent was not told where Fabric's programs are (--fabric-programs)"
                : fmt::format("there is neither peer nor orderer in {}", m_places.fabric.string()));
    std::ranges::stable_sort(found, [](const FoundEngine& a, const FoundEngine& b) {
        return a.name != b.name ? a.name < b.name : isOlder(b.version, a.version);
    });
    return found;
}

Result<FoundEngine> Engines::find(const std::string& engine, const std::string& version) {
    std::string problem = fmt::format("there is no engine '{}'", engine);
    bool isThere = false;
    for (FoundEngine& found : list()) {
        if (found.name != engine) continue;
        if (!found.problem.empty()) {
            if (!isThere) problem = found.problem;
            continue;
        }
        isThere = true;
        if (version.empty() || found.version == version) return std::move(found);
    }
    if (isThere)
        return makeError(StatusCode::kNotFound, "VERSION_NOT_FOUND",
                         fmt::format("this host has no version {} of {}", version, engine),
                         {{"engine", engine}, {"version", version}});
    return makeError(StatusCode::kFailedPrecondition, "ENGINE_MISSING", problem,
                     {{"engine", engine}});
}

Result<fs::path> Engines::program(const std::string& engine, const std::string& version,
                                  const std::string& kind) {
    // The usual case, without looking at anything else.
    if (engine == kBuiltin && (version.empty() || version == CHANCERY_VERSION)) {
        if (m_places.others.empty() && isProgram(m_places.programs / kNode))
            return m_places.programs / kNode;
    }
    ASSIGN_OR_RETURN(const FoundEngine found, find(engine, version));
    const std::string name = engine == kBuiltin ? kNode : fabricProgram(kind);
    if (name.empty() || !isProgram(found.folder / name))
        return makeError(StatusCode::kFailedPrecondition, "ENGINE_MISSING",
                         fmt::format("{} {} has no program for a node of the kind {}", engine,
                                     found.version, kind),
                         {{"engine", engine}});
    return found.folder / name;
}

}  // namespace chancery::agent
