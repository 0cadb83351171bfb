#include "node/contract/ContractPackage.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "src/protocol/ChaincodePackage.h"

namespace chancery::node::contract {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, Bytes>;

Status tooLarge(const PackageCaps& caps) {
    return makeError(StatusCode::kResourceExhausted, "PACKAGE_TOO_LARGE",
                     fmt::format("the contract has more than {} bytes", caps.maxBytes),
                     {{"limit", fmt::to_string(caps.maxBytes)}});
}
Status tooMany(const PackageCaps& caps) {
    return makeError(StatusCode::kResourceExhausted, "TOO_MANY_ENTRIES",
                     fmt::format("the contract has more than {} files", caps.maxFiles),
                     {{"limit", fmt::to_string(caps.maxFiles)}});
}

Result<Files> readFolder(const fs::path& root, const PackageCaps& caps) {
    Files files;
    std::uint64_t total = 0;
    std::error_code error;
    auto entry = fs::recursive_directory_iterator(
        root, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_symlink() || entry.depth() >= caps.maxDepth) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file()) continue;
        if (files.size() >= caps.maxFiles) return tooMany(caps);
        ASSIGN_OR_RETURN(Bytes content, readFile(entry->path(), caps.maxBytes));
        total += content.size();
        if (total > caps.maxBytes) return tooLarge(caps);
        files.emplace(entry->path().lexically_relative(root).generic_string(), std::move(content));
    }
    if (error)
        return makeError(StatusCode::kNotFound, "NO_PACKAGE",
                         fmt::format("{}: {}", root.string(), error.message()));
    return files;
}

Result<Files> readArchive(BytesView bytes, const PackageCaps& caps) {
    protocol::ArchiveLimits limits;
    limits.maxUnpackedBytes = caps.maxBytes;
    limits.maxEntries = caps.maxFiles;
    ASSIGN_OR_RETURN(auto reader, protocol::TarGzReader::open(bytes, "contract", limits));
    Files files;
    while (true) {
        ASSIGN_OR_RETURN(const auto entry, reader.next());
        if (!entry) return files;
        if (!entry->isRegular) continue;
        ASSIGN_OR_RETURN(Bytes content, reader.content(caps.maxBytes));
        const fs::path path = fs::path(entry->name).lexically_normal();
        if (path.is_absolute() || path.empty() || *path.begin() == "..")
            return makeError(
                StatusCode::kInvalidArgument, "UNSAFE_PATH",
                fmt::format("entry '{}' leads out of the package", printable(entry->name, 200)));
        files.insert_or_assign(path.generic_string(), std::move(content));
    }
}

// A chaincode package holds the code in an archive of its own.
Result<Files> readFileOfCode(const fs::path& path, const PackageCaps& caps) {
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(path, caps.maxBytes));
    const auto package = protocol::readChaincodePackage(bytes);
    if (package.ok()) return readArchive(package->code, caps);
    if (reasonOf(package.status()) != "NO_CODE") return package.status();
    return readArchive(bytes, caps);
}

Files below(Files files, std::string_view folder) {
    Files inside;
    for (auto& [name, content] : files)
        if (name.starts_with(folder))
            inside.emplace(name.substr(folder.size()), std::move(content));
    return inside;
}

Status readFacts(ContractPackage& package) {
    const auto found = package.files.find("package.json");
    if (found == package.files.end()) return {};
    const auto json = nlohmann::json::parse(found->second, nullptr, false);
    if (!json.is_object())
        return makeError(StatusCode::kInvalidArgument, "BAD_PACKAGE_JSON",
                         "package.json is no JSON object");
    const auto text = [&](const char* name) {
        const auto member = json.find(name);
        return member != json.end() && member->is_string() ? member->get<std::string>() : "";
    };
    package.name = text("name");
    package.version = text("version");
    package.main = text("main");
    package.isEcmaScriptModule = text("type") == "module";
    return {};
}

}  // namespace

Result<ContractPackage> makeContractPackage(Files files) {
    ContractPackage package;
    Bytes metadata;
    for (const char* name :
         {"META-INF/metadata.json", "src/META-INF/metadata.json", "contract-metadata/metadata.json",
          "src/contract-metadata/metadata.json"}) {
        const auto found = files.find(name);
        if (found == files.end()) continue;
        metadata = found->second;
        break;
    }
    const bool insideSrc = !files.contains("package.json") && files.contains("src/package.json");
    package.files = insideSrc ? below(std::move(files), "src/") : std::move(files);
    RETURN_IF_ERROR(readFacts(package));
    if (!metadata.empty() && !nlohmann::json::parse(metadata, nullptr, false).is_object())
        return makeError(StatusCode::kInvalidArgument, "BAD_CONTRACT_METADATA",
                         "metadata.json of the contract is no JSON object");
    package.metadata = std::move(metadata);
    return package;
}

Result<ContractPackage> loadContractPackage(const fs::path& path, const PackageCaps& caps) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (error || !fs::exists(status))
        return makeError(StatusCode::kNotFound, "NO_PACKAGE",
                         fmt::format("{}: there is no such file or folder", path.string()),
                         {{"path", path.string()}});
    auto files = fs::is_directory(status) ? readFolder(path, caps) : readFileOfCode(path, caps);
    if (!files.ok()) return withContext(files.status(), path.string());
    auto package = makeContractPackage(*std::move(files));
    if (!package.ok()) return withContext(package.status(), path.string());
    return package;
}

}  // namespace chancery::node::contract
