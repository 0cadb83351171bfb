#include "src/usecase/PackageContract.h"

#include <fmt/format.h>

#include <system_error>

#include "src/base/File.h"
#include "src/protocol/ChaincodePackage.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 48U << 20;  // what a peer takes, with room for the archive
constexpr std::size_t kMaxFiles = 5'000;
constexpr std::string_view kMetaInf = "META-INF/";

Status readFiles(const fs::path& folder, std::vector<protocol::PackageSource::File>& files) {
    std::uint64_t total = 0;
    std::error_code error;
    auto entry = fs::recursive_directory_iterator(folder, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        const std::string own = entry->path().filename().string();
        if (own.starts_with('.') || own == "node_modules" || entry->is_symlink()) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file()) continue;
        if (files.size() >= kMaxFiles)
            return makeError(StatusCode::kResourceExhausted, "TOO_MANY_ENTRIES",
                             fmt::format("a contract has at most {} files", kMaxFiles));
        ASSIGN_OR_RETURN(Bytes content, readFile(entry->path(), kMaxBytes));
        total += content.size();
        if (total > kMaxBytes)
            return makeError(StatusCode::kResourceExhausted, "PACKAGE_TOO_LARGE",
                             fmt::format("a contract has at most {} bytes", kMaxBytes));
        const std::string name = entry->path().lexically_relative(folder).generic_string();
        files.push_back({name.starts_with(kMetaInf) ? name : "src/" + name, std::move(content)});
    }
    if (error)
        return makeError(StatusCode::kNotFound, "NO_CONTRACT",
                         fmt::format("{}: {}", folder.string(), error.message()));
    return {};
}

}  // namespace

Result<PackagedContract> PackageContract::run(const ContractToPackage& contract) const {
    if (contract.type != "chancery" && contract.type != "node")
        return makeError(StatusCode::kInvalidArgument, "BAD_TYPE",
                         "a contract in JavaScript is of type 'chancery' or 'node'");
    RETURN_IF_ERROR(protocol::checkPackageLabel(contract.label));
    std::error_code error;
    if (!fs::is_regular_file(contract.folder / "package.json", error))
        return makeError(
            StatusCode::kNotFound, "NO_CONTRACT",
            fmt::format("{}: there is no package.json in it", contract.folder.string()));
    protocol::PackageSource source;
    source.label = contract.label;
    source.type = contract.type;
    RETURN_IF_ERROR(readFiles(contract.folder, source.files));
    PackagedContract packaged;
    packaged.files = source.files.size();
    ASSIGN_OR_RETURN(packaged.bytes, protocol::writeChaincodePackage(source));
    packaged.packageId = protocol::packageIdOf(contract.label, packaged.bytes);
    return packaged;
}

}  // namespace chancery::usecase
