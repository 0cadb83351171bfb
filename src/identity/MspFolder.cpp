#include <yaml-cpp/yaml.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/crypto/Pem.h"
#include "src/identity/Msp.h"
#include "src/identity/MspFiles.h"
#include "src/wire/Serialize.h"

namespace chancery::identity {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 4096;
constexpr std::uint64_t kMostFileBytes = 1 << 20;
constexpr std::uint64_t kMostCrlBytes = 64 << 20;
constexpr std::uint64_t kMostYamlBytes = 64 << 10;

Status badYaml(const fs::path& file, std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_MSP_CONFIG_FILE",
                     fmt::format("{}: {}", file.string(), what), {{"file", file.string()}});
}

// A name from the file, taken relative to the folder and never out of it.
Result<fs::path> inside(const fs::path& folder, const std::string& name, const fs::path& file) {
    const fs::path relative = fs::path(name).relative_path().lexically_normal();
    if (relative.empty() || *relative.begin() == "..")
        return badYaml(file, fmt::format("the certificate path '{}' leaves the MSP folder", name));
    return folder / relative;
}

struct Unit {
    std::string certificate;
    std::string name;
};

// Mappings only, each key once, scalars only where a text belongs: what Go's reader would take,
// without its surprises.
class ConfigFile {
public:
    ConfigFile(fs::path folder, fs::path file)
        : m_folder(std::move(folder)), m_file(std::move(file)) {}

    Status read(::msp::FabricMSPConfig& config) {
        ASSIGN_OR_RETURN(const Bytes text, readFile(m_file, kMostYamlBytes));
        try {
            const YAML::Node root = YAML::Load(text);
            if (root.IsNull()) return absl::OkStatus();
            RETURN_IF_ERROR(checkMap(root, "the document"));
            RETURN_IF_ERROR(readIdentifiers(root["OrganizationalUnitIdentifiers"], config));
            return readNodeOus(root["NodeOUs"], config);
        } catch (const YAML::Exception& error) {
            return badYaml(m_file, fmt::format("line {}, column {}: {}", error.mark.line + 1,
                                               error.mark.column + 1, error.msg));
        }
    }

private:
    Status checkMap(const YAML::Node& node, std::string_view what) const {
        if (!node.IsMap()) return badYaml(m_file, fmt::format("{} is not a mapping", what));
        std::set<std::string> keys;
        for (const auto& entry : node)
            if (!entry.first.IsScalar() || !keys.insert(entry.first.Scalar()).second)
                return badYaml(m_file, fmt::format("line {}: a key that is no text or occurs twice",
                                                   entry.first.Mark().line + 1));
        return absl::OkStatus();
    }

    Result<std::string> readText(const YAML::Node& node) const {
        if (!node || node.IsNull()) return std::string();
        if (!node.IsScalar())
            return badYaml(m_file,
                           fmt::format("line {}: a text is expected", node.Mark().line + 1));
        return node.Scalar();
    }

    Result<Unit> readUnit(const YAML::Node& node) const {
        RETURN_IF_ERROR(checkMap(node, "an organisational unit"));
        Unit unit;
        ASSIGN_OR_RETURN(unit.certificate, readText(node["Certificate"]));
        ASSIGN_OR_RETURN(unit.name, readText(node["OrganizationalUnitIdentifier"]));
        return unit;
    }

    Status readIdentifiers(const YAML::Node& list, ::msp::FabricMSPConfig& config) const {
        if (!list || list.IsNull()) return absl::OkStatus();
        if (!list.IsSequence())
            return badYaml(m_file, "OrganizationalUnitIdentifiers is not a list");
        if (list.size() > kMostFiles)
            return badYaml(m_file, "OrganizationalUnitIdentifiers is too long");
        for (const YAML::Node& node : list) {
            ASSIGN_OR_RETURN(const Unit unit, readUnit(node));
            ASSIGN_OR_RETURN(const fs::path path, inside(m_folder, unit.certificate, m_file));
            auto* added = config.add_organizational_unit_identifiers();
            ASSIGN_OR_RETURN(*added->mutable_certificate(), readFile(path, kMostFileBytes));
            added->set_organizational_unit_identifier(unit.name);
        }
        return absl::OkStatus();
    }

    Status readNodeOus(const YAML::Node& node, ::msp::FabricMSPConfig& config) const {
        if (!node || node.IsNull()) return absl::OkStatus();
        RETURN_IF_ERROR(checkMap(node, "NodeOUs"));
        const YAML::Node enable = node["Enable"];
        bool isEnabled = false;
        if (enable && !enable.IsNull() && !YAML::convert<bool>::decode(enable, isEnabled))
            return badYaml(m_file, fmt::format("line {}: Enable is neither true nor false",
                                               enable.Mark().line + 1));
        if (!isEnabled) return absl::OkStatus();
        auto* units = config.mutable_fabric_node_ous();
        units->set_enable(true);
        const std::pair<const char*, std::function<::msp::FabricOUIdentifier*()>> roles[] = {
            {"ClientOUIdentifier", [&] { return units->mutable_client_ou_identifier(); }},
            {"PeerOUIdentifier", [&] { return units->mutable_peer_ou_identifier(); }},
            {"AdminOUIdentifier", [&] { return units->mutable_admin_ou_identifier(); }},
            {"OrdererOUIdentifier", [&] { return units->mutable_orderer_ou_identifier(); }}};
        for (const auto& [key, target] : roles) {
            const YAML::Node role = node[key];
            if (!role || role.IsNull()) continue;
            ASSIGN_OR_RETURN(const Unit unit, readUnit(role));
            if (unit.name.empty()) continue;
            ::msp::FabricOUIdentifier* identifier = target();
            identifier->set_organizational_unit_identifier(unit.name);
            if (unit.certificate.empty()) continue;
            ASSIGN_OR_RETURN(const fs::path path, inside(m_folder, unit.certificate, m_file));
            if (auto certificate = readFile(path, kMostFileBytes); certificate.ok())
                identifier->set_certificate(*std::move(certificate));
            else  // as in Fabric: no CA is pinned then
                log::warning("identity",
                             fmt::format("{}: {}", key, messageOf(certificate.status())));
        }
        return absl::OkStatus();
    }

    fs::path m_folder;
    fs::path m_file;
};

Status addAll(const fs::path& folder, google::protobuf::RepeatedPtrField<std::string>* target,
              std::uint64_t mostBytes = kMostFileBytes) {
    ASSIGN_OR_RETURN(auto files, readPemFiles(folder, mostBytes));
    for (PemFile& file : files) target->Add(std::move(file.bytes));
    return absl::OkStatus();
}

}  // namespace

Result<std::vector<PemFile>> readPemFiles(const fs::path& folder, std::uint64_t mostBytes) {
    std::vector<PemFile> files;
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (paths.size() == kMostFiles)
            return makeError(StatusCode::kResourceExhausted, "TOO_MANY_FILES",
                             fmt::format("{}: more than {} files", folder.string(), kMostFiles),
                             {{"folder", folder.string()}});
        paths.push_back(it->path());
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return makeError(StatusCode::kFailedPrecondition, "FOLDER_UNREADABLE",
                         fmt::format("{}: {}", folder.string(), error.message()),
                         {{"folder", folder.string()}});
    std::sort(paths.begin(), paths.end(), [](const fs::path& a, const fs::path& b) {
        return a.filename().native() < b.filename().native();
    });
    for (const fs::path& path : paths) {
        if (!fs::is_regular_file(path, error)) continue;
        auto bytes = readFile(path, mostBytes);
        if (!bytes.ok() && bytes.status().code() == StatusCode::kResourceExhausted)
            return bytes.status();
        if (!bytes.ok() || !crypto::readPem(*bytes)) {
            log::warning("identity",
                         fmt::format("{}: passed over, it holds no PEM block", path.string()));
            continue;
        }
        files.push_back({path, *std::move(bytes)});
    }
    return files;
}

Result<::msp::MSPConfig> readMspFolder(const fs::path& folder, const MspId& mspId) {
    ::msp::FabricMSPConfig config;
    config.set_name(mspId.str());
    RETURN_IF_ERROR(addAll(folder / "cacerts", config.mutable_root_certs()));
    if (config.root_certs().empty())
        return makeError(
            StatusCode::kNotFound, "NO_ROOT_CA",
            fmt::format("{}: there is no CA certificate", (folder / "cacerts").string()),
            {{"folder", folder.string()}});
    RETURN_IF_ERROR(addAll(folder / "intermediatecerts", config.mutable_intermediate_certs()));
    RETURN_IF_ERROR(addAll(folder / "admincerts", config.mutable_admins()));
    RETURN_IF_ERROR(addAll(folder / "crls", config.mutable_revocation_list(), kMostCrlBytes));
    RETURN_IF_ERROR(addAll(folder / "tlscacerts", config.mutable_tls_root_certs()));
    if (!config.tls_root_certs().empty())
        RETURN_IF_ERROR(
            addAll(folder / "tlsintermediatecerts", config.mutable_tls_intermediate_certs()));
    const fs::path file = folder / "config.yaml";
    std::error_code error;
    if (fs::exists(file, error)) RETURN_IF_ERROR(ConfigFile(folder, file).read(config));
    // A folder does not say its suite. Fabric knows one only; here the root CA's key tells.
    const auto root = Certificate::fromPem(config.root_certs(0));
    const bool isSm2 = root.ok() && root->publicKey().algorithm() == crypto::KeyAlgorithm::Sm2;
    config.mutable_crypto_config()->set_signature_hash_family(isSm2 ? "SM3" : "SHA2");
    config.mutable_crypto_config()->set_identity_identifier_hash_function(isSm2 ? "SM3" : "SHA256");

    ::msp::MSPConfig result;
    result.set_config(wire::serialize(config));
    return result;
}

}  // namespace chancery::identity
