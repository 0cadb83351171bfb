#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/protocol/ChaincodePackage.h"
#include "src/usecase/DeployContract.h"

namespace chancery::usecase {

Result<Bytes> PackageContract::ofService(const std::string& label,
                                         const ServiceAddress& service) const {
    const bool tls = !service.tlsRootsPem.empty();
    nlohmann::ordered_json connection{
        {"address", service.endpoint}, {"dial_timeout", "10s"}, {"tls_required", tls}};
    if (tls) connection["root_cert"] = service.tlsRootsPem;
    if (!service.clientCertificatePem.empty()) {
        connection["client_auth_required"] = true;
        connection["client_cert"] = service.clientCertificatePem;
        connection["client_key"] = service.clientKeyPem;
    }
    return protocol::writeChaincodePackage(
        {.label = label,
         .type = "ccaas",
         .path = {},
         .files = {
             {"connection.json",
              connection.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)}}});
}

Result<Bytes> PackageContract::ofFolder(const std::string& label, const std::string& type,
                                        const std::filesystem::path& folder) const {
    namespace fs = std::filesystem;
    const protocol::PackageLimits limits;
    protocol::PackageSource source{.label = label, .type = type, .path = {}, .files = {}};
    const std::string below = type == "ccaas" ? "" : "src/";
    std::error_code error;
    std::uint64_t total = 0;
    fs::recursive_directory_iterator at(folder, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
        total += at->file_size(error);
        if (error) break;
        if (total > limits.maxUnpackedBytes || source.files.size() >= limits.maxEntries)
            return makeError(StatusCode::kResourceExhausted, "PACKAGE_TOO_LARGE",
                             "the folder holds more than a package may",
                             {{"path", folder.string()}});
        ASSIGN_OR_RETURN(Bytes content, readFile(at->path()));
        std::string name = at->path().lexically_relative(folder).generic_string();
        // Indexes of rich queries stand beside the sources.
        if (!name.starts_with("META-INF/")) name = below + name;
        source.files.push_back({std::move(name), std::move(content)});
    }
    if (error || source.files.empty())
        return makeError(StatusCode::kNotFound, "NO_SUCH_FOLDER",
                         "there are no files in " + folder.string(), {{"path", folder.string()}});
    return protocol::writeChaincodePackage(source);
}

std::string PackageContract::idOf(const std::string& label, BytesView package) {
    return protocol::packageIdOf(label, package);
}

}  // namespace chancery::usecase
