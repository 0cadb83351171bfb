#include "node/chaincode/PackageStore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "node/chaincode/ConnectionFile.h"
#include "src/base/Descriptor.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/protocol/Archive.h"

namespace chancery::node {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSuffix = ".tar.gz";
constexpr std::string_view kIndexFolder = "META-INF/statedb/couchdb/";
constexpr std::size_t kHashDigits = 64;
constexpr std::uint64_t kMaxIndexBytes = 64U << 10;

Status diskError(const fs::path& path, std::string_view what) {
    const int error = errno;
    return makeError(error == ENOSPC ? StatusCode::kResourceExhausted : StatusCode::kInternal,
                     error == ENOSPC ? "DISK_FULL" : "DISK_ERROR",
                     fmt::format("{} cannot be {}: {}", path.string(), what, std::strerror(error)),
                     {{"file", path.string()}});
}

Status makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return makeError(StatusCode::kInternal, "DISK_ERROR",
                         fmt::format("{} cannot be made: {}", folder.string(), error.message()));
    fs::permissions(folder, fs::perms::owner_all, error);
    return {};
}

std::string lowered(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// "<label>.<64 hex digits>.tar.gz" → package id.
std::optional<std::string> packageIdOfFile(std::string_view name) {
    if (!name.ends_with(kSuffix)) return std::nullopt;
    name.remove_suffix(kSuffix.size());
    if (name.size() < kHashDigits + 2 || name[name.size() - kHashDigits - 1] != '.')
        return std::nullopt;
    return fmt::format("{}:{}", name.substr(0, name.size() - kHashDigits - 1),
                       name.substr(name.size() - kHashDigits));
}

std::string fileNameOf(const std::string& packageId) {
    std::string name = packageId;
    std::replace(name.begin(), name.end(), ':', '.');
    return name;
}

bool has(const protocol::ChaincodePackage& package, std::string_view name) {
    return std::any_of(package.codeEntries.begin(), package.codeEntries.end(),
                       [&](const protocol::PackageFile& file) { return file.name == name; });
}

Result<PackageKind> kindOf(const protocol::ChaincodePackage& package) {
    const std::string type = lowered(package.type);
    if (type == "ccaas" || (type == "external" && has(package, "connection.json"))) {
        if (!has(package, "connection.json"))
            return makeError(StatusCode::kInvalidArgument, "NO_CODE",
                             "could not build chaincode: the package has no connection.json");
        return PackageKind::Service;
    }
    if (type == "node") return PackageKind::Node;
    if (type == "chancery") return PackageKind::Script;
    return makeError(StatusCode::kFailedPrecondition, "UNSUPPORTED_TYPE",
                     fmt::format("could not build chaincode: this peer runs no packages of type "
                                 "'{}', only of the types ccaas, node and chancery",
                                 printable(package.type, 100)),
                     {{"type", printable(package.type, 100)}});
}

/// Content of the files of code.tar.gz that `wants` asks for.
template <class Wants>
Result<std::map<std::string, Bytes>> codeFiles(const protocol::ChaincodePackage& package,
                                               std::uint64_t maxBytes,
                                               const protocol::PackageLimits& limits,
                                               const Wants& wants) {
    std::map<std::string, Bytes> out;
    ASSIGN_OR_RETURN(
        auto reader,
        protocol::TarGzReader::open(package.code, "code.tar.gz",
                                    {limits.maxUnpackedBytes, limits.maxRatio, limits.maxEntries}));
    for (;;) {
        ASSIGN_OR_RETURN(const auto entry, reader.next());
        if (!entry) return out;
        if (!entry->isRegular || !wants(entry->name)) continue;
        ASSIGN_OR_RETURN(out[entry->name], reader.content(maxBytes));
    }
}

/// "indexes/x.json" or "collections/<name>/indexes/x.json" below kIndexFolder.
std::optional<ContractIndex> indexPlace(std::string_view name) {
    if (!name.starts_with(kIndexFolder) || !name.ends_with(".json")) return std::nullopt;
    name.remove_prefix(kIndexFolder.size());
    ContractIndex out;
    constexpr std::string_view kCollections = "collections/";
    if (name.starts_with(kCollections)) {
        name.remove_prefix(kCollections.size());
        const std::size_t slash = name.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        out.collection = name.substr(0, slash);
        name.remove_prefix(slash + 1);
    }
    constexpr std::string_view kIndexes = "indexes/";
    if (!name.starts_with(kIndexes) || name.find('/', kIndexes.size()) != std::string_view::npos)
        return std::nullopt;
    out.name = name.substr(kIndexes.size());
    return out;
}

Status checkIndex(std::string_view name, BytesView definition) {
    const auto bad = [&](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_INDEX",
                         fmt::format("index metadata file [{}] {}", printable(name, 200), why),
                         {{"file", printable(name, 200)}});
    };
    const auto json = nlohmann::json::parse(definition, nullptr, false);
    if (!json.is_object()) return bad("is not a valid JSON");
    for (const auto& [key, value] : json.items())
        if (key != "index" && key != "ddoc" && key != "name" && key != "type")
            return bad(fmt::format("has an invalid entry: {}", printable(key, 100)));
    const auto index = json.find("index");
    if (index == json.end() || !index->is_object() || !index->contains("fields") ||
        !(*index)["fields"].is_array())
        return bad("has no index definition with fields");
    return {};
}

Result<std::vector<ContractIndex>> indexesOf(const protocol::ChaincodePackage& package,
                                             const protocol::PackageLimits& limits) {
    const auto isIndex = [](const std::string& name) { return indexPlace(name).has_value(); };
    if (std::none_of(package.codeEntries.begin(), package.codeEntries.end(),
                     [&](const auto& file) { return isIndex(file.name); }))
        return std::vector<ContractIndex>();
    ASSIGN_OR_RETURN(auto files, codeFiles(package, kMaxIndexBytes, limits, isIndex));
    std::vector<ContractIndex> out;
    for (auto& [name, content] : files) {
        RETURN_IF_ERROR(checkIndex(name, content));
        auto index = *indexPlace(name);
        index.definition = std::move(content);
        out.push_back(std::move(index));
    }
    return out;
}

Status writeFile(const fs::path& path, BytesView content, bool isExecutable) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 isExecutable ? 0700 : 0600));
    if (!file) return diskError(path, "written");
    while (!content.empty()) {
        const ssize_t count = ::write(file.get(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return diskError(path, "written");
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

}  // namespace

fs::path PackageStore::pathOf(const std::string& packageId) const {
    return m_folder / (fileNameOf(packageId) + std::string(kSuffix));
}

Result<std::unique_ptr<PackageStore>> PackageStore::open(const fs::path& folder,
                                                         const protocol::PackageLimits& limits) {
    RETURN_IF_ERROR(makeFolder(folder));
    std::unique_ptr<PackageStore> store(new PackageStore(folder, limits));
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
        const auto packageId = packageIdOfFile(file.path().filename().string());
        if (!packageId) continue;
        auto package = protocol::readChaincodePackageFile(file.path(), limits);
        Status status = package.status();
        if (status.ok() && package->packageId != *packageId)
            status = makeError(StatusCode::kDataLoss, "PACKAGE_CHANGED",
                               "its content is not what its name says");
        auto kind = status.ok() ? kindOf(*package) : Result<PackageKind>(status);
        if (!kind.ok()) {
            log::error("chaincode", fmt::format("{} is left out: {}", file.path().string(),
                                                messageOf(kind.status())));
            continue;
        }
        store->m_packages[*packageId] = {*packageId, package->label, package->type, *kind};
    }
    if (error)
        return makeError(StatusCode::kInternal, "DISK_ERROR",
                         fmt::format("{} cannot be read: {}", folder.string(), error.message()));
    return store;
}

Result<InstalledPackage> PackageStore::save(BytesView bytes) {
    auto package = protocol::readChaincodePackage(bytes, m_limits);
    if (!package.ok())
        return withContext(package.status(), "could not parse as a chaincode install package");
    ASSIGN_OR_RETURN(const PackageKind kind, kindOf(*package));
    RETURN_IF_ERROR(indexesOf(*package, m_limits).status());
    const InstalledPackage installed{package->packageId, package->label, package->type, kind};
    const std::lock_guard lock(m_mutex);
    if (m_packages.contains(installed.packageId))
        return makeError(StatusCode::kAlreadyExists, "INSTALLED",
                         fmt::format("chaincode already successfully installed (package ID '{}')",
                                     installed.packageId));
    if (const Status status = writeFileAtomically(pathOf(installed.packageId), bytes, 0600);
        !status.ok())
        return withContext(status, "could not save cc install package");
    m_packages[installed.packageId] = installed;
    return installed;
}

Result<Bytes> PackageStore::load(const std::string& packageId) const {
    if (!find(packageId))
        return makeError(
            StatusCode::kNotFound, "NO_SUCH_PACKAGE",
            fmt::format("chaincode install package '{}' not found", printable(packageId, 300)));
    return readFile(pathOf(packageId), m_limits.maxPackedBytes);
}

std::optional<InstalledPackage> PackageStore::find(const std::string& packageId) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_packages.find(packageId);
    return found == m_packages.end() ? std::nullopt : std::optional(found->second);
}

std::vector<InstalledPackage> PackageStore::list() const {
    const std::lock_guard lock(m_mutex);
    std::vector<InstalledPackage> out;
    for (const auto& [id, package] : m_packages) out.push_back(package);
    return out;
}

Result<std::vector<ContractIndex>> PackageStore::indexes(const std::string& packageId) const {
    ASSIGN_OR_RETURN(const Bytes bytes, load(packageId));
    ASSIGN_OR_RETURN(const auto package, protocol::readChaincodePackage(bytes, m_limits));
    return indexesOf(package, m_limits);
}

Result<Bytes> PackageStore::codeFile(const std::string& packageId, std::string_view name) const {
    constexpr std::uint64_t kMaxBytes = 1U << 20;
    ASSIGN_OR_RETURN(const Bytes bytes, load(packageId));
    ASSIGN_OR_RETURN(const auto package, protocol::readChaincodePackage(bytes, m_limits));
    ASSIGN_OR_RETURN(auto files, codeFiles(package, kMaxBytes, m_limits,
                                           [&](const std::string& file) { return file == name; }));
    if (files.empty())
        return makeError(StatusCode::kNotFound, "NO_SUCH_FILE",
                         fmt::format("package '{}' has no file {}", packageId, name));
    return std::move(files.begin()->second);
}

Result<fs::path> PackageStore::unpack(const std::string& packageId, const fs::path& parent) const {
    const fs::path folder = parent / fileNameOf(packageId);
    std::error_code error;
    if (fs::exists(folder, error)) return folder;
    ASSIGN_OR_RETURN(const Bytes bytes, load(packageId));
    // Names and kinds of all entries have been checked when this succeeds.
    ASSIGN_OR_RETURN(const auto package, protocol::readChaincodePackage(bytes, m_limits));
    const fs::path fresh = folder.string() + ".new";
    fs::remove_all(fresh, error);
    RETURN_IF_ERROR(makeFolder(fresh));
    ASSIGN_OR_RETURN(auto reader,
                     protocol::TarGzReader::open(
                         package.code, "code.tar.gz",
                         {m_limits.maxUnpackedBytes, m_limits.maxRatio, m_limits.maxEntries}));
    for (;;) {
        ASSIGN_OR_RETURN(const auto entry, reader.next());
        if (!entry) break;
        const fs::path name = fs::path(entry->name).lexically_normal();
        if (name.is_absolute() || name.empty() || *name.begin() == "..")
            return makeError(
                StatusCode::kInvalidArgument, "UNSAFE_PATH",
                fmt::format("{} leads out of the package", printable(entry->name, 200)));
        const fs::path target = fresh / name;
        fs::create_directories(entry->isFolder ? target : target.parent_path(), error);
        if (error)
            return makeError(
                StatusCode::kInternal, "DISK_ERROR",
                fmt::format("{} cannot be made: {}", target.string(), error.message()));
        if (!entry->isRegular) continue;
        ASSIGN_OR_RETURN(const Bytes content, reader.content(m_limits.maxUnpackedBytes));
        RETURN_IF_ERROR(writeFile(target, content, (entry->mode & 0100) != 0));
    }
    fs::rename(fresh, folder, error);
    if (error)
        return makeError(StatusCode::kInternal, "DISK_ERROR",
                         fmt::format("{} cannot be made: {}", folder.string(), error.message()));
    return folder;
}

}  // namespace chancery::node
