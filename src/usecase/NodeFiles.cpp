#include "src/usecase/NodeFiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Random.h"
#include "src/crypto/Secret.h"
#include "src/identity/Issue.h"
#include "src/usecase/FabricFiles.h"

namespace chancery::usecase {
namespace {

using interfaces::NodePlan;
using interfaces::PlannedFile;
using Path = std::filesystem::path;

constexpr std::uint64_t kMostMemberFile = 1U << 20;
constexpr std::size_t kRegistrarBytes = 24;  // 192 bits

/// As JSON, which is YAML too.
std::string inQuotes(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool isSecret(const Path& file) {
    return file.extension() == ".key" || file.parent_path().filename() == "keystore";
}

/// All files below a folder, sorted, under the same names.
Status addFolder(const Path& folder, const std::string& under, std::vector<PlannedFile>& files) {
    std::vector<Path> found;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
        if (at->is_regular_file(error)) found.push_back(at->path());
    if (error || found.empty())
        return makeError(StatusCode::kNotFound, "FILE_ERROR",
                         "cannot read " + folder.string() + ": " + error.message(),
                         {{"path", folder.string()}});
    std::ranges::sort(found);
    for (const Path& file : found) {
        ASSIGN_OR_RETURN(Bytes content, readFile(file, kMostMemberFile));
        files.push_back({.path = under + "/" + file.lexically_relative(folder).string(),
                         .content = std::move(content),
                         .secret = isSecret(file)});
    }
    return absl::OkStatus();
}

}  // namespace

NodePlan NodeFiles::begin(const NetworkNode& node) const {
    NodePlan plan;
    plan.ref = m_network.ref(node);
    plan.kind = node.kind();
    plan.engine = node.isAuthority ? "builtin" : m_network.topology().engine;
    plan.endpoints = node.endpoints;
    const OrganisationPlan& owner = m_network.organisations()[node.organisation].plan();
    plan.labels = {{"organisation", owner.name}, {"msp", owner.mspId.str()}};
    return plan;
}

/// A network that was brought here from elsewhere has other addresses than its channels say.
std::string NodeFiles::movedNodesOf(const NetworkNode& node) const {
    std::string orderers, peers;
    for (const auto& [address, name] : m_network.formerAddresses()) {
        const NetworkNode* moved = m_network.node(name);
        if (moved == nullptr || moved->isAuthority || !moved->endpoints.contains("grpc")) continue;
        const std::string& now = moved->endpoints.at("grpc");
        if (now == address || name == node.name) continue;
        if (!moved->isPeer) {
            orderers += fmt::format("  - address: {}\n    reachedAt: {}\n", inQuotes(address),
                                    inQuotes(now));
            continue;
        }
        const auto& owner = m_network.organisations()[moved->organisation].plan();
        peers += fmt::format("  - mspId: {}\n    endpoint: {}\n", inQuotes(owner.mspId.str()),
                             inQuotes(now));
    }
    return (peers.empty() ? "" : "peers:\n" + peers) +
           (orderers.empty() ? "" : "orderers:\n" + orderers);
}

std::string NodeFiles::settingsOf(const NetworkNode& node) const {
    const auto listen = [&](const char* name) {
        const auto found = node.endpoints.find(name);
        return inQuotes(found == node.endpoints.end() ? "127.0.0.1:0" : found->second);
    };
    const OrganisationPlan& owner = m_network.organisations()[node.organisation].plan();
    std::string text = fmt::format(
        "mspId: {}\nmsp: msp\ndata: data\nlisten: {}\nadminSocket: admin.sock\n"
        "tls:\n  certificate: tls/server.crt\n  key: tls/server.key\n"
        "operations:\n  listen: {}\n  clientRoots: [tls/ca.crt]\n"
        "log:\n  spec: {}\n",
        inQuotes(owner.mspId.str()), listen("grpc"), listen("operations"),
        inQuotes(m_network.plan().logSpec));
    if (!node.isPeer)
        return text +
               fmt::format("admin:\n  listen: {}\n  clientRoots: [tls/ca.crt]\n", listen("admin"));
    text += movedNodesOf(node);
    text += fmt::format("chaincode:\n  listen: {}\n", listen("chaincode"));
    if (const Path& modules = m_network.plan().nodeModules; !modules.empty())
        text += fmt::format("  nodeModules: {}\n", inQuotes(modules.string()));
    return text;
}

Result<NodePlan> NodeFiles::member(const NetworkNode& node) const {
    NodePlan plan = begin(node);
    const Path files = m_network.filesOf(node);
    if (plan.engine == "fabric")
        RETURN_IF_ERROR(addFabricSettings(m_network, node, plan));
    else
        plan.files.push_back({.path = "node.yaml", .content = settingsOf(node), .secret = false});
    RETURN_IF_ERROR(addFolder(files / "msp", "msp", plan.files));
    RETURN_IF_ERROR(addFolder(files / "tls", "tls", plan.files));
    return plan;
}

NodePlan NodeFiles::authority(const NetworkNode& node, std::vector<PlannedFile> own) const {
    NodePlan plan = begin(node);
    plan.files = std::move(own);
    plan.files.push_back({.path = "node.yaml",
                          .content = CaFolder::configOf(m_network.caSettings(node.organisation)),
                          .secret = false});
    return plan;
}

Result<NodePlan> NodeFiles::newAuthority(const NetworkNode& node, const Clock& clock) const {
    NodePlan plan = begin(node);
    const CaSettings settings = m_network.caSettings(node.organisation);
    identity::SubjectName subject;
    subject.commonName = settings.tlsName;
    subject.organization = settings.organisation;
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::ecdsaP256().key));
    ASSIGN_OR_RETURN(const auto root,
                     identity::issueSelfSigned(identity::fabricCaRoot(subject, clock.now()), key));
    const std::string secret = toBase64(Random::system().bytes(kRegistrarBytes));
    RETURN_IF_ERROR(
        m_network.caFolder(node.organisation).createForClients(settings, secret, root.toPem()));
    plan.files = {{.path = "node.yaml", .content = CaFolder::configOf(settings), .secret = false},
                  {.path = "registrar.secret", .content = secret + "\n", .secret = true},
                  {.path = "keys/tls.crt", .content = root.toPem(), .secret = false},
                  {.path = "keys/tls.key", .content = key.toPem(), .secret = true}};
    return plan;
}

}  // namespace chancery::usecase
