#include "src/protocol/ChaincodePackage.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Archive.h"

namespace chancery::protocol {
namespace {

constexpr std::string_view kMetadataFile = "metadata.json";
constexpr std::string_view kCodeFile = "code.tar.gz";
constexpr std::uint64_t kMaxMetadataBytes = 1U << 20;

Status refuse(std::string_view reason, std::string_view sentence, std::string_view entry = {}) {
    ErrorArguments arguments;
    if (!entry.empty()) arguments.emplace_back("entry", printable(entry, 200));
    return makeError(StatusCode::kInvalidArgument, reason,
                     fmt::format("contract package: {}", sentence), std::move(arguments));
}

/// No absolute names, no step up, nothing that another system reads as a path of its own.
Status checkPath(std::string_view name) {
    const auto unsafe = [name] {
        return refuse("UNSAFE_PATH", fmt::format("entry '{}' leads outside", printable(name, 200)),
                      name);
    };
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
        name.find('\0') != std::string_view::npos)
        return unsafe();
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t slash = std::min(name.find('/', at), name.size());
        if (name.substr(at, slash - at) == "..") return unsafe();
        at = slash + 1;
    }
    return {};
}

ArchiveLimits archiveLimits(const PackageLimits& limits) {
    return {limits.maxUnpackedBytes, limits.maxRatio, limits.maxEntries};
}

/// Go matches the keys of an object without regard to case; the last of equal keys counts.
std::optional<std::string> stringField(const nlohmann::json& object, std::string_view name,
                                       bool& wrongKind) {
    std::optional<std::string> out;
    for (const auto& [key, value] : object.items()) {
        const bool same = std::equal(
            key.begin(), key.end(), name.begin(), name.end(),
            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
        if (!same || value.is_null()) continue;
        if (!value.is_string()) {
            wrongKind = true;
            continue;
        }
        out = value.get<std::string>();
    }
    return out;
}

Status readMetadata(ChaincodePackage& out) {
    const auto json = nlohmann::json::parse(out.metadataJson, nullptr, false);
    if (json.is_discarded() || !(json.is_object() || json.is_null()))
        return refuse("METADATA_NOT_JSON", "metadata.json is not a JSON object");
    bool wrongKind = false;
    out.label = stringField(json, "label", wrongKind).value_or("");
    out.type = stringField(json, "type", wrongKind).value_or("");
    out.path = stringField(json, "path", wrongKind).value_or("");
    if (wrongKind) return refuse("METADATA_NOT_JSON", "metadata.json has a field that is no text");
    return {};
}

Status readOuter(BytesView bytes, const PackageLimits& limits, ChaincodePackage& out,
                 bool& hasMetadata, bool& hasCode) {
    ASSIGN_OR_RETURN(TarGzReader reader,
                     TarGzReader::open(bytes, "contract package", archiveLimits(limits)));
    std::set<std::string> names;
    while (true) {
        ASSIGN_OR_RETURN(const auto entry, reader.next());
        if (!entry) return {};
        if (!entry->isRegular)
            return refuse(
                "NOT_REGULAR",
                fmt::format("entry '{}' is not a regular file", printable(entry->name, 200)),
                entry->name);
        RETURN_IF_ERROR(checkPath(entry->name));
        if (!names.insert(entry->name).second)
            return refuse("DUPLICATE_ENTRY",
                          fmt::format("entry '{}' stands twice", printable(entry->name, 200)),
                          entry->name);
        out.entries.push_back(entry->name);
        if (entry->name == kMetadataFile) {
            ASSIGN_OR_RETURN(out.metadataJson, reader.content(kMaxMetadataBytes));
            hasMetadata = true;
            RETURN_IF_ERROR(readMetadata(out));
        } else if (entry->name == kCodeFile) {
            ASSIGN_OR_RETURN(out.code, reader.content(limits.maxPackedBytes));
            hasCode = true;
        }
    }
}

Status readCode(const PackageLimits& limits, ChaincodePackage& out) {
    ASSIGN_OR_RETURN(TarGzReader reader,
                     TarGzReader::open(out.code, std::string(kCodeFile), archiveLimits(limits)));
    std::set<std::string> names;
    while (true) {
        ASSIGN_OR_RETURN(const auto entry, reader.next());
        if (!entry) return {};
        if (!entry->isRegular && !entry->isFolder)
            return refuse("NOT_REGULAR",
                          fmt::format("entry '{}' in code.tar.gz is neither file nor folder",
                                      printable(entry->name, 200)),
                          entry->name);
        RETURN_IF_ERROR(checkPath(entry->name));
        if (!names.insert(entry->name).second)
            return refuse(
                "DUPLICATE_ENTRY",
                fmt::format("entry '{}' in code.tar.gz stands twice", printable(entry->name, 200)),
                entry->name);
        out.codeEntries.push_back({entry->name, entry->size, entry->mode, entry->isFolder});
    }
}

bool isLabelCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Status checkPackageLabel(std::string_view label) {
    const bool good =
        !label.empty() && isLabelCharacter(label.front()) &&
        std::all_of(label.begin(), label.end(), [](char c) {
            return isLabelCharacter(c) || c == '_' || c == '.' || c == '+' || c == '-';
        });
    if (good) return {};
    return refuse("BAD_LABEL", fmt::format("label '{}' is not allowed", printable(label, 200)));
}

std::string packageIdOf(std::string_view label, BytesView packageBytes) {
    return fmt::format("{}:{}", label, toHex(crypto::sha256(packageBytes)));
}

Result<ChaincodePackage> readChaincodePackage(BytesView bytes, const PackageLimits& limits) {
    if (bytes.size() > limits.maxPackedBytes)
        return makeError(StatusCode::kResourceExhausted, "PACKAGE_TOO_LARGE",
                         fmt::format("contract package: {} bytes, more than the {} allowed",
                                     bytes.size(), limits.maxPackedBytes),
                         {{"limit", fmt::to_string(limits.maxPackedBytes)}});
    ChaincodePackage out;
    bool hasMetadata = false;
    bool hasCode = false;
    RETURN_IF_ERROR(readOuter(bytes, limits, out, hasMetadata, hasCode));
    if (!hasCode) return refuse("NO_CODE", "there is no code.tar.gz in it");
    if (!hasMetadata) return refuse("NO_METADATA", "there is no metadata.json in it");
    RETURN_IF_ERROR(checkPackageLabel(out.label));
    RETURN_IF_ERROR(readCode(limits, out));
    out.packageId = packageIdOf(out.label, bytes);
    return out;
}

Result<ChaincodePackage> readChaincodePackageFile(const std::filesystem::path& path,
                                                  const PackageLimits& limits) {
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(path, limits.maxPackedBytes));
    auto package = readChaincodePackage(bytes, limits);
    if (!package.ok()) return withContext(package.status(), path.string());
    return package;
}

Result<Bytes> writeChaincodePackage(const PackageSource& source) {
    RETURN_IF_ERROR(checkPackageLabel(source.label));
    std::vector<ArchiveFile> files;
    for (const PackageSource::File& file : source.files) {
        RETURN_IF_ERROR(checkPath(file.name));
        files.push_back({file.name, file.content});
    }
    std::sort(files.begin(), files.end(),
              [](const ArchiveFile& a, const ArchiveFile& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < files.size(); ++i)
        if (files[i].name == files[i - 1].name)
            return refuse("DUPLICATE_ENTRY",
                          fmt::format("entry '{}' stands twice", printable(files[i].name, 200)),
                          files[i].name);
    ASSIGN_OR_RETURN(const Bytes code, writeTarGz(files));
    nlohmann::ordered_json metadata;
    metadata["path"] = source.path;
    metadata["type"] = source.type;
    metadata["label"] = source.label;
    const Bytes text = metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return writeTarGz({{std::string(kMetadataFile), text}, {std::string(kCodeFile), code}});
}

}  // namespace chancery::protocol
