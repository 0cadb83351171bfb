#include "src/cli/CertSources.h"

#include <fmt/format.h>

#include <map>

#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/client/GrpcConnector.h"
#include "src/http/Handshake.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/CaSettings.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/DeployContract.h"
#include "src/usecase/EnrolIdentity.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::seconds kHandshakePatience{3};
constexpr std::uint64_t kMaxCrl = 64U << 20;
constexpr std::chrono::seconds kCaPatience{60};
constexpr std::chrono::seconds kContractsPatience{10};
constexpr std::string_view kHttps = "https://";

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
    line.values({.names = "--ca",
                 .help = "DIR or https://HOST:PORT/NAME of a CA; =WHO behind it, a label of the "
                         "workspace or an MSP folder, asks for all that it has issued",
                 .value = "CA[=WHO]",
                 .repeats = true,
                 .whole = true},
                m_cas);
    line.values({.names = "--ca-roots",
                 .help = "With --ca https://…: certificates that vouch for the server",
                 .kind = ValueKind::File,
                 .value = "FILE",
                 .repeats = true},
                m_caRoots);
    line.flag("--offline", "With --network: do not ask the nodes", m_offline);
}

void CertSources::handshake(usecase::CertificateCollector& collector, const std::string& name,
                            const MspId& mspId, bool isOrderer, const std::string& endpoint) {
    usecase::PresentedCertificates presented{
        .node = name, .mspId = mspId, .isOrderer = isOrderer, .endpoint = endpoint};
    const auto at = interfaces::splitEndpoint(endpoint);
    const auto chain =
        at.ok() ? http::presentedCertificates(at->host, at->port, deadlineIn(kHandshakePatience))
                : Result<std::vector<Bytes>>(at.status());
    if (chain.ok()) {
        presented.chain = *chain;
    } else {
        presented.problem = std::string(messageOf(chain.status()));
        m_problems.push_back(
            {name == endpoint ? endpoint : fmt::format("{} ({})", name, endpoint), chain.status()});
    }
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
    askContracts(collector, network);
    return absl::OkStatus();
}

void CertSources::askContracts(usecase::CertificateCollector& collector,
                               const usecase::NetworkFolder& network) {
    client::GrpcConnector connector;
    const Deadline deadline = deadlineIn(kContractsPatience);
    usecase::CreateNetwork access(connector, deadline);
    for (const usecase::TopologyChannel& channel : network.topology().channels) {
        const Status asked = [&]() -> Status {
            ASSIGN_OR_RETURN(const auto peers, access.peersOf(network, channel.name));
            if (peers.empty() || channel.members.empty()) return absl::OkStatus();
            // The first member's peers come first.
            ASSIGN_OR_RETURN(const auto context,
                             access.actAs(network, channel.members.front(), "Admin"));
            const usecase::DeployContract contracts;
            ASSIGN_OR_RETURN(const auto all,
                             contracts.committed(context, channel.name, peers.front(), deadline));
            for (const usecase::CommittedContract& one : all) {
                ASSIGN_OR_RETURN(
                    const auto defined,
                    contracts.defined(context, channel.name, one.name, peers.front(), deadline));
                if (defined) collector.addContract({channel.name, one.name, defined->policy});
            }
            return absl::OkStatus();
        }();
        if (!asked.ok() && reasonOf(asked) != "NOT_STARTED")
            m_problems.push_back({"contracts of channel " + channel.name.str(), asked});
    }
}

Status CertSources::fromWorkspace(usecase::CertificateCollector& collector) {
    RETURN_IF_ERROR(m_workspace.open());
    ASSIGN_OR_RETURN(const auto identities, m_workspace.wallet().identities().list());
    ASSIGN_OR_RETURN(const auto keys, m_workspace.wallet().keys().list());
    std::map<std::string, std::string> places;
    for (const wallet::KeyInfo& key : keys)
        places[key.id] = key.token        ? "token " + key.token->token
                         : key.inKeychain ? "keychain"
                                          : "workspace";
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

Result<identity::SigningIdentityPtr> CertSources::callerNamed(const std::string& who) {
    if (who.empty()) return identity::SigningIdentityPtr();
    std::error_code error;
    if (std::filesystem::is_directory(who, error))
        return identity::loadSigningIdentity(who, MspId("CA"));
    if (!m_workspace.given())
        return usageError(fmt::format("who is \"{}\"? A label needs --workspace", who));
    RETURN_IF_ERROR(m_workspace.unlock());
    return m_workspace.wallet().identities().signing(who);
}

void CertSources::fromCa(usecase::CertificateCollector& collector, const interfaces::CaAddress& ca,
                         const std::string& name, const identity::SigningIdentityPtr& caller) {
    client::CaClient connector;
    const auto authority =
        connector.authority(ca, caller ? usecase::callerOf(caller) : interfaces::CaCaller());
    if (!authority.ok()) {
        m_problems.push_back({"CA " + name, authority.status()});
        return;
    }
    const MspId mspId = caller && caller->mspId() != MspId("CA") ? caller->mspId() : MspId();
    collector.addAuthority(name, mspId, **authority, deadlineIn(kCaPatience), caller != nullptr);
}

bool CertSources::hasIssued(const interfaces::CaAddress& ca,
                            const identity::Certificate& certificate) {
    client::CaClient connector;
    const auto authority = connector.authority(ca, interfaces::CaCaller());
    if (!authority.ok()) return false;
    const auto info = (*authority)->info(deadlineIn(kCaPatience));
    if (!info.ok()) return false;
    const auto own = identity::Certificate::fromPem(info->chainPem);
    return own.ok() && certificate.authorityKeyId() == own->subjectKeyId();
}

Status CertSources::fromCas(usecase::CertificateCollector& collector) {
    std::string roots;
    for (const auto& file : m_caRoots) {
        ASSIGN_OR_RETURN(const Bytes pem, readFile(file, kMaxCrl));
        roots += pem + "\n";
    }
    for (const std::string& text : m_cas) {
        const std::size_t equals = text.find('=');
        const std::string place = text.substr(0, equals);
        ASSIGN_OR_RETURN(
            const auto caller,
            callerNamed(equals == std::string::npos ? std::string() : text.substr(equals + 1)));
        if (place.starts_with(kHttps)) {
            if (roots.empty()) return usageError("--ca https://… needs --ca-roots");
            const std::string rest = place.substr(kHttps.size());
            const std::size_t slash = rest.find('/');
            const std::string caName = slash == std::string::npos ? "" : rest.substr(slash + 1);
            fromCa(collector,
                   {.endpoint = rest.substr(0, slash), .caName = caName, .tlsRootsPem = roots},
                   rest, caller);
            continue;
        }
        const usecase::CaFolder folder(place);
        ASSIGN_OR_RETURN(const auto settings, folder.read());
        for (const std::string& name : {settings.name, settings.tlsName}) {
            const auto address = folder.address(settings, name);
            if (!address.ok()) {
                m_problems.push_back({"CA " + name, address.status()});
                continue;
            }
            // Each CA knows those that it has certified itself. Its data may be on another host.
            const bool isItsOwn = caller && hasIssued(*address, caller->certificate());
            fromCa(collector, *address, name, isItsOwn ? caller : nullptr);
        }
    }
    return absl::OkStatus();
}

Result<usecase::CertificateInventory> CertSources::collect(Session& session) {
    if (!m_network && !m_workspace.given() && m_configs.empty() && m_msps.empty() &&
        m_crls.empty() && m_files.empty() && m_endpoints.empty() && m_cas.empty())
        return usageError(
            "say where certificates are: --network, --workspace, --ca, --config, --msp, "
            "--endpoint, "
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
    RETURN_IF_ERROR(fromCas(collector));
    m_problems.insert(m_problems.begin(), collector.problems().begin(), collector.problems().end());
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
