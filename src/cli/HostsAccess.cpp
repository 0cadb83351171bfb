#include "src/cli/HostsAccess.h"

#include "src/client/HostConnector.h"

namespace chancery::cli {

HostsAccess::HostsAccess() : m_connector(std::make_unique<client::HostConnector>()) {}
HostsAccess::~HostsAccess() = default;

void HostsAccess::declare(CommandLine& line) {
    line.value({.names = "--hosts",
                .help = "Folder of the hosts that this console is paired with; default: hosts",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--engines",
                .help = "When an agent is started here: folders with other versions of nodes",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_engines);
    line.value({.names = "--fabric-programs",
                .help = "When an agent is started here: folder of Fabric's own peer and orderer",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_fabric);
}

Result<std::shared_ptr<interfaces::Host>> HostsAccess::host(const std::string& name) {
    std::error_code error;
    if (const auto socket = std::filesystem::absolute(name, error) / "host" / "agent.sock";
        std::filesystem::exists(socket, error))
        return m_connector->host(
            {.name = name, .socket = socket.string(), .endpoint = {}, .certificatePem = {}}, {});
    ASSIGN_OR_RETURN(const auto known, paired());
    ASSIGN_OR_RETURN(const auto address, known.find(name));
    ASSIGN_OR_RETURN(const auto identity, known.identity());
    return m_connector->host(address, identity);
}

Result<std::unique_ptr<usecase::NetworkHosts>> HostsAccess::open(
    const usecase::NetworkFolder& network, usecase::HostSettings::Local local, Deadline deadline) {
    usecase::HostSettings settings{.connector = *m_connector, .local = local};
    const auto tell = [&](const char* option, const std::optional<std::filesystem::path>& folder) {
        if (!folder) return;
        settings.agentOptions.emplace_back(option);
        settings.agentOptions.push_back(std::filesystem::absolute(*folder).string());
    };
    tell("--engines", m_engines);
    tell("--fabric-programs", m_fabric);
    for (const usecase::PlannedHost& host : network.hosts())
        if (!host.isLocal() && settings.identity.keyPem.empty()) {
            ASSIGN_OR_RETURN(const auto known, paired());
            ASSIGN_OR_RETURN(settings.identity, known.identity());
        }
    return usecase::NetworkHosts::open(network, settings, deadline);
}

}  // namespace chancery::cli
