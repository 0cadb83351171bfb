#include "src/usecase/MspBundle.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/Certificate.h"
#include "src/identity/Crl.h"
#include "src/identity/Msp.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/Json.h"
#include "src/usecase/MspBundleWords.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBundleFormat = "chancery-msp-bundle";
constexpr int kBundleVersion = 1;
constexpr std::uint64_t kMaxBundle = 8U << 20;

Status badBundle(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, sentence);
}

using Blobs = google::protobuf::RepeatedPtrField<std::string>;

/// The lists of an MSP that hold PEM, by their names in the file.
struct Section {
    const char* key;
    const char* part;
    Blobs* (::msp::FabricMSPConfig::*blobs)();
};
constexpr Section kSections[] = {
    {"root_certs", "root", &::msp::FabricMSPConfig::mutable_root_certs},
    {"intermediate_certs", "intermediate", &::msp::FabricMSPConfig::mutable_intermediate_certs},
    {"tls_root_certs", "tls_root", &::msp::FabricMSPConfig::mutable_tls_root_certs},
    {"tls_intermediate_certs", "tls_intermediate",
     &::msp::FabricMSPConfig::mutable_tls_intermediate_certs},
    {"admins", "admin", &::msp::FabricMSPConfig::mutable_admins},
    {"revocation_list", "crl", &::msp::FabricMSPConfig::mutable_revocation_list},
};

/// A key in a public file is a disaster that must not be passed on.
Status checkNoKey(BytesView bytes) {
    if (bytes.find("PRIVATE KEY") != BytesView::npos)
        return makeError(StatusCode::kPermissionDenied, "PRIVATE_KEY_INSIDE",
                         "there is a private key inside: it must not be given to anybody, and if "
                         "it was, its certificate has to be revoked");
    return absl::OkStatus();
}

/// Each block written anew, in the order of the bytes: what stands around them says nothing.
Status canonise(::msp::FabricMSPConfig& config) {
    for (const Section& section : kSections) {
        Blobs* blobs = (config.*section.blobs)();
        std::set<std::string> blocks;
        for (const std::string& blob : *blobs) {
            RETURN_IF_ERROR(checkNoKey(blob));
            if (std::string_view(section.part) == "crl") {
                ASSIGN_OR_RETURN(const auto list, identity::RevocationList::fromBytes(blob));
                blocks.insert(list.toPem());
            } else {
                ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(blob));
                blocks.insert(certificate.toPem());
            }
        }
        blobs->Clear();
        for (const std::string& block : blocks) blobs->Add()->assign(block);
    }
    config.clear_signing_identity();
    return absl::OkStatus();
}

Bytes bundleFile(::msp::FabricMSPConfig config, const std::string& name) {
    Json json{{"format", kBundleFormat},
              {"version", kBundleVersion},
              {"organisation", name},
              {"msp_id", config.name()}};
    for (const Section& section : kSections) {
        Json& list = json[section.key] = Json::array();
        Blobs* blobs = (config.*section.blobs)();
        for (const std::string& blob : *blobs) list.push_back(blob);
        blobs->Clear();
    }
    // Rules about units and hashes: what is left of the message.
    json["rules"] = toBase64(wire::serialize(config));
    return toText(json);
}

Status describeParts(::msp::FabricMSPConfig& config, std::vector<MspBundle::Part>& parts) {
    for (const Section& section : kSections)
        for (const std::string& blob : *(config.*section.blobs)()) {
            if (std::string_view(section.part) == "crl") {
                ASSIGN_OR_RETURN(const auto list, identity::RevocationList::fromBytes(blob));
                parts.push_back({section.part, list.issuer(), toHex(crypto::sha256(list.der())),
                                 list.nextUpdate().value_or(absl::InfiniteFuture())});
            } else {
                ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(blob));
                parts.push_back({section.part,
                                 certificate.commonName().empty() ? certificate.subject()
                                                                  : certificate.commonName(),
                                 certificate.fingerprint(), certificate.notAfter()});
            }
        }
    return absl::OkStatus();
}

/// What a node would make of it.
Result<MspBundle> bundleOf(::msp::FabricMSPConfig config, const std::string& name) {
    RETURN_IF_ERROR(canonise(config));
    ::msp::MSPConfig outer;
    outer.set_config(wire::serialize(config));
    // Rules up to capability V1_4_3 are what channels have; V3_0 allows more.
    if (const auto msp = identity::Msp::fromConfig(outer, identity::MspVersion::V1_4_3); !msp.ok())
        RETURN_IF_ERROR(identity::Msp::fromConfig(outer, identity::MspVersion::V3_0).ok()
                            ? absl::OkStatus()
                            : msp.status());
    MspBundle bundle{.mspId = MspId(config.name()), .name = name, .config = wire::serialize(outer)};
    RETURN_IF_ERROR(describeParts(config, bundle.parts));
    bundle.bytes = bundleFile(std::move(config), name);
    const Bytes digest = crypto::sha256(bundle.bytes);
    bundle.digest = toHex(digest);
    bundle.words = fingerprintWords(digest);
    return bundle;
}

Result<std::string> memberOf(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string())
        return badBundle("NOT_A_BUNDLE", fmt::format("the text \"{}\" is missing", key));
    return found->get<std::string>();
}

/// A name that cannot leave the folder.
std::string partFile(const std::string& name, std::size_t number) {
    std::string safe;
    for (const char c : name)
        safe += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '.' || c == '-' || c == '@'
                    ? c
                    : '_';
    if (safe.empty() || safe.front() == '.') safe.insert(0, "ca");
    return fmt::format("{}-{}.pem", safe.substr(0, 100), number);
}

std::string configYaml(const ::msp::FabricMSPConfig& config, const std::string& issuerFile) {
    if (!config.has_fabric_node_ous()) return {};
    const auto& rules = config.fabric_node_ous();
    std::string text = fmt::format("NodeOUs:\n  Enable: {}\n", rules.enable() ? "true" : "false");
    for (const auto& [name, unit] : {std::pair{"Client", &rules.client_ou_identifier()},
                                     std::pair{"Peer", &rules.peer_ou_identifier()},
                                     std::pair{"Admin", &rules.admin_ou_identifier()},
                                     std::pair{"Orderer", &rules.orderer_ou_identifier()}}) {
        if (unit->organizational_unit_identifier().empty()) continue;
        text += fmt::format("  {}OUIdentifier:\n", name);
        if (!unit->certificate().empty()) text += fmt::format("    Certificate: {}\n", issuerFile);
        text += "    OrganizationalUnitIdentifier: " +
                Json(unit->organizational_unit_identifier()).dump() + "\n";
    }
    return text;
}

}  // namespace

Result<MspBundle> ExportMspBundle::run(const fs::path& mspFolder, const MspId& mspId,
                                       const std::string& name) const {
    ASSIGN_OR_RETURN(const auto outer, identity::readMspFolder(mspFolder, mspId));
    ASSIGN_OR_RETURN(auto config, wire::parse<::msp::FabricMSPConfig>(outer.config(), "msp"));
    return bundleOf(std::move(config), name.empty() ? mspId.str() : name);
}

Result<MspBundle> ReadMspBundle::run(const fs::path& file) const {
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(file, kMaxBundle));
    return ofBytes(bytes);
}

Result<MspBundle> ReadMspBundle::ofBytes(BytesView bytes) const {
    if (bytes.size() > kMaxBundle) return badBundle("NOT_A_BUNDLE", "the file is too large");
    RETURN_IF_ERROR(checkNoKey(bytes));
    const Json json = parseJson(bytes);
    if (json.is_discarded() || !json.is_object())
        return badBundle("NOT_A_BUNDLE", "this is no bundle of an organisation");
    ASSIGN_OR_RETURN(const std::string format, memberOf(json, "format"));
    if (format != kBundleFormat)
        return badBundle("NOT_A_BUNDLE", "this is no bundle of an organisation");
    if (!json.contains("version") || json["version"] != kBundleVersion)
        return badBundle("UNSUPPORTED_BUNDLE", "the bundle was made by a later version");
    ASSIGN_OR_RETURN(const std::string name, memberOf(json, "organisation"));
    ASSIGN_OR_RETURN(const std::string mspId, memberOf(json, "msp_id"));
    ASSIGN_OR_RETURN(const std::string rules, memberOf(json, "rules"));
    ASSIGN_OR_RETURN(const Bytes rest, fromBase64(rules));
    RETURN_IF_ERROR(checkNoKey(rest));
    ASSIGN_OR_RETURN(auto config, wire::parse<::msp::FabricMSPConfig>(rest, "rules"));
    if (config.name() != mspId)
        return badBundle("WRONG_MSP", "the bundle names two different MSP ids");
    for (const Section& section : kSections) {
        const auto list = json.find(section.key);
        if (list == json.end() || !list->is_array())
            return badBundle("NOT_A_BUNDLE",
                             fmt::format("the list \"{}\" is missing", section.key));
        for (const Json& entry : *list) {
            if (!entry.is_string())
                return badBundle(
                    "NOT_A_BUNDLE",
                    fmt::format("the list \"{}\" holds something else than text", section.key));
            (config.*section.blobs)()->Add()->assign(entry.get<std::string>());
        }
    }
    ASSIGN_OR_RETURN(MspBundle bundle, bundleOf(std::move(config), name));
    if (bundle.bytes != bytes)
        return badBundle(
            "NOT_CANONICAL",
            "the bundle was changed after it was made: its content would be written in "
            "another way");
    return bundle;
}

Status ImportMspBundle::run(const MspBundle& bundle, const std::string& words,
                            const fs::path& folder) const {
    if (!sameWords(words, bundle.words))
        return makeError(StatusCode::kPermissionDenied, "FINGERPRINT_DIFFERS",
                         "these are not the words of the bundle: it is another one, or it was "
                         "changed on its way",
                         {{"words", bundle.words}});
    ASSIGN_OR_RETURN(const auto outer, wire::parse<::msp::MSPConfig>(bundle.config, "bundle"));
    ASSIGN_OR_RETURN(auto config, wire::parse<::msp::FabricMSPConfig>(outer.config(), "bundle"));
    const std::pair<const char*, const char*> kFolders[] = {
        {"root", "cacerts"},        {"intermediate", "intermediatecerts"},
        {"tls_root", "tlscacerts"}, {"tls_intermediate", "tlsintermediatecerts"},
        {"admin", "admincerts"},    {"crl", "crls"}};
    std::error_code error;
    if (fs::exists(fs::symlink_status(folder, error)))
        return makeError(StatusCode::kAlreadyExists, "ALREADY_EXISTS",
                         fmt::format("{} is there already", folder.string()),
                         {{"path", folder.string()}});
    std::string issuerFile;
    const std::string vouching = config.has_fabric_node_ous()
                                     ? config.fabric_node_ous().client_ou_identifier().certificate()
                                     : std::string();
    std::size_t number = 0;
    for (const Section& section : kSections)
        for (const std::string& blob : *(config.*section.blobs)()) {
            const std::string name = partFile(bundle.parts[number].name, number);
            for (const auto& [part, below] : kFolders) {
                if (std::string_view(part) != section.part) continue;
                RETURN_IF_ERROR(writeFresh(folder / below / name, blob));
                const auto own = identity::Certificate::fromPem(blob);
                const auto issuer = identity::Certificate::fromPem(vouching);
                if (own.ok() && issuer.ok() && *own == *issuer)
                    issuerFile = fmt::format("{}/{}", below, name);
            }
            ++number;
        }
    const std::string yaml = configYaml(config, issuerFile);
    return yaml.empty() ? absl::OkStatus() : writeFresh(folder / "config.yaml", yaml);
}

}  // namespace chancery::usecase
