#include "src/cli/CaAccess.h"

#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/usecase/EnrolIdentity.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMostRoots = 1U << 20;
constexpr std::string_view kHttps = "https://";

Status wrongUse(std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "USAGE", what);
}

}  // namespace

CaAccess::CaAccess() : m_connector(std::make_unique<client::CaClient>()) {}
CaAccess::~CaAccess() = default;

void CaAccess::declare(CommandLine& line) {
    line.value({.names = "--ca",
                .help = "Folder of a CA: of \"ca init\", or nodes/ca.… of a network; default: ca",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--url",
                .help = "Instead of --ca: address of any Fabric CA, https://host:port",
                .value = "URL"},
               m_url);
    line.value({.names = "--tls-roots",
                .help = "With --url: certificates that vouch for the server",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_roots);
    line.value({.names = "--ca-name",
                .help = "Which CA of the server; with --ca that for identities, else its first",
                .value = "NAME"},
               m_name);
    line.value({.names = "--timeout",
                .help = "Seconds to wait at most; default: 30",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_seconds);
}

Status CaAccess::open() {
    if (m_seconds) m_patience = std::chrono::seconds(std::min<std::uint64_t>(*m_seconds, 86'400));
    if (m_url) return openUrl();
    if (m_roots) return wrongUse("--tls-roots needs --url");
    const usecase::CaFolder folder(m_folder);
    ASSIGN_OR_RETURN(const auto settings, folder.read());
    ASSIGN_OR_RETURN(m_identities, folder.address(settings, m_name.value_or(settings.name)));
    ASSIGN_OR_RETURN(m_tls, folder.address(settings, settings.tlsName));
    return absl::OkStatus();
}

Status CaAccess::openUrl() {
    std::string url = *m_url;
    if (!url.starts_with(kHttps)) return wrongUse("--url must be https://host:port");
    if (url.ends_with('/')) url.pop_back();
    if (!m_roots) return wrongUse("--url needs --tls-roots: who vouches for the server?");
    m_identities.endpoint = url.substr(kHttps.size());
    m_identities.caName = m_name.value_or("");
    ASSIGN_OR_RETURN(m_identities.tlsRootsPem, readFile(*m_roots, kMostRoots));
    return absl::OkStatus();
}

void CaCallAccess::declare(CommandLine& line) {
    m_ca.declare(line);
    line.value({.names = "--as",
                .help = "As this identity of the workspace: a registrar",
                .value = "LABEL"},
               m_as);
    line.value({.names = "--msp",
                .help = "Instead of --as: MSP folder of the registrar, with its key",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_msp);
    m_workspace.declare(line, true);
}

Status CaCallAccess::open() {
    if (m_as.has_value() == m_msp.has_value())
        return wrongUse("who asks? --as names an identity of the workspace, --msp a folder");
    RETURN_IF_ERROR(m_ca.open());
    identity::SigningIdentityPtr identity;
    if (m_msp) {
        // CAs know no MSP ids.
        ASSIGN_OR_RETURN(identity, identity::loadSigningIdentity(*m_msp, MspId("CA")));
    } else {
        RETURN_IF_ERROR(m_workspace.unlock());
        ASSIGN_OR_RETURN(identity, m_workspace.wallet().identities().signing(*m_as));
    }
    m_caller = usecase::callerOf(std::move(identity));
    return absl::OkStatus();
}

Result<std::shared_ptr<interfaces::CertificateAuthority>> CaCallAccess::authority() const {
    return m_ca.connector().authority(m_ca.identities(), m_caller);
}

Result<std::shared_ptr<interfaces::IdentityRegistry>> CaCallAccess::registry() const {
    return m_ca.connector().registry(m_ca.identities(), m_caller);
}

}  // namespace chancery::cli
