#include "src/cli/CertSources.h"

#include <fmt/format.h>

#include <map>

#include "src/base/File.h"
#include "src/http/Handshake.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::seconds kHandshakePatience{3};
constexpr std::uint64_t kMaxCrl = 64U << 20;

Status usageError(const std::string& sentence) {
    return makeError(StatusCode::kInvalidArgument, "USAGE", sentence);
}

}  // namespace

void CertSources::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of a network that \"network create\" has made; its nodes are asked "
                        "what they show",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_network);
    m_workspace.declareOptional(line);
    line.values({.names = "--config",
                 .help = "Configuration of a channel (block, binary or JSON); may be repeated",
                 .kind = ValueKind::File,
                 .value = "FILE",
                 .repeats = true},
                m_configs);
    line.values({.names = "--msp",
                 .help = "MSPID=DIR: MSP folder of an organisation or a node; may be repeated",
                 .value = "MSPID=DIR",
                 .repeats = true,
                 .whole = true},
                m_msps);
    line.values({.names = "--crl",
                 .help = "Revocation list, PEM or DER; may be repeated",
                 .kind = ValueKind::File,
                 .value = "FILE",
                 .repeats = true},
                m_crls);
    line.values({.names = "--file",
                 .help = "Certificates in PEM or DER; may be repeated",
                 .kind = ValueKind::File,
                 .value = "FILE",
                 .repeats = true},
                m_files);
    line.values({.names = "--endpoint",
                 .help = "HOST:PORT whose TLS certificate is looked at; may be repeated",
                 .value = "HOST:PORT",
                 .repeats = true},
                m_endpoints);
    line.flag("--offline", "With --network: do not ask the nodes", m_offline);
}

void CertSources::handshake(usecase::CertificateCollector& collector, const std::string& name,
                            const MspId& mspId, bool isOrderer, const std::string& endpoint) const {
    usecase::PresentedCertificates presented{
        .node = name, .mspId = mspId, .isOrderer = isOrderer, .endpoint = endpoint};
    const auto at = interfaces::splitEndpoint(endpoint);
    const auto chain =
        at.ok() ? http::presentedCertificates(at->host, at->port, deadlineIn(kHandshakePatience))
                : Result<std::vector<Bytes>>(at.status());
    if (chain.ok())
        presented.chain = *chain;
    else
        presented.problem = std::string(messageOf(chain.status()));
    collector.addPresented(presented);
}

Status CertSources::fromNetwork(usecase::CertificateCollector& collector) {
    ASSIGN_OR_RETURN(const auto network, usecase::NetworkFolder::open(*m_network));
    collector.addNetwork(network);
    // Without a configuration that somebody gives, the first one.
    std::error_code error;
    if (m_configs.empty() && std::filesystem::exists(network.genesis(), error))
        collector.addChannelFile(network.genesis());
    if (m_offline) return absl::OkStatus();
    for (const usecase::NetworkNode& node : network.nodes())
        if (const auto address = network.address(node); address.ok())
            handshake(collector, node.name, network.organisations()[node.organisation].plan().mspId,
                      !node.isPeer, address->endpoint);
    return absl::OkStatus();
}

Status CertSources::fromWorkspace(usecase::CertificateCollector& collector) {
    RETURN_IF_ERROR(m_workspace.open());
    ASSIGN_OR_RETURN(const auto identities, m_workspace.wallet().identities().list());
    ASSIGN_OR_RETURN(const auto keys, m_workspace.wallet().keys().list());
    std::map<std::string, std::string> places;
    for (const wallet::KeyInfo& key : keys)
        places[key.id] = key.token ? "token " + key.token->token : "workspace";
    for (const wallet::IdentityInfo& identity : identities)
        collector.addWallet({.label = identity.label,
                             .mspId = identity.mspId,
                             .certificatePem = identity.certificate.toPem(),
                             .keyPlace = places[identity.keyId()]});
    return absl::OkStatus();
}

Status CertSources::fromMsps(usecase::CertificateCollector& collector) const {
    for (const std::string& text : m_msps) {
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos)
            return usageError(fmt::format("--msp \"{}\" is not of the form MSPID=DIR", text));
        const MspId mspId(text.substr(0, equals));
        const std::filesystem::path folder = text.substr(equals + 1);
        collector.addMspFolder(folder, mspId, mspId.str());
        // With a signing certificate it is the folder of a node or a user.
        std::error_code error;
        if (!std::filesystem::exists(folder / "signcerts", error)) continue;
        const bool hasTls = std::filesystem::exists(folder.parent_path() / "tls/server.crt", error);
        collector.addNode({.name = folder.parent_path().filename().string(),
                           .mspId = mspId,
                           .isOrderer = false,
                           .msp = folder,
                           .tls = hasTls ? folder.parent_path() / "tls" : ""});
    }
    return absl::OkStatus();
}

Result<usecase::CertificateInventory> CertSources::collect(Session& session) {
    if (!m_network && !m_workspace.given() && m_configs.empty() && m_msps.empty() &&
        m_crls.empty() && m_files.empty() && m_endpoints.empty())
        return usageError(
            "say where certificates are: --network, --workspace, --config, --msp, --endpoint, "
            "--crl or --file");
    usecase::CertificateCollector collector;
    if (m_network) RETURN_IF_ERROR(fromNetwork(collector));
    if (m_workspace.given()) RETURN_IF_ERROR(fromWorkspace(collector));
    RETURN_IF_ERROR(fromMsps(collector));
    for (const auto& file : m_configs) collector.addChannelFile(file);
    for (const auto& file : m_files) collector.addFile(file);
    for (const auto& file : m_crls) {
        ASSIGN_OR_RETURN(const Bytes bytes, readFile(file, kMaxCrl));
        collector.addRevocationList({}, file.string(), bytes);
    }
    for (const std::string& endpoint : m_endpoints)
        handshake(collector, endpoint, {}, false, endpoint);
    m_problems = collector.problems();
    auto inventory = collector.finish();
    if (inventory.certificates().empty() && !m_problems.empty())
        return withContext(m_problems.front().status, m_problems.front().place);
    if (!session.wantsJson())
        for (const usecase::CollectionProblem& problem : m_problems)
            session.err().line(warning("! ") + Text(problem.place) + Text(": ") +
                               Text(messageOf(problem.status)));
    return inventory;
}

}  // namespace chancery::cli
