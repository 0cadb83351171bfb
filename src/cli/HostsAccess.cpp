#include "src/cli/HostsAccess.h"

namespace chancery::cli {
namespace {

/// Until the client of the agent is there.
class NoConnector final : public interfaces::HostConnector {
public:
    Result<std::shared_ptr<interfaces::Host>> host(const interfaces::HostAddress&,
                                                   const interfaces::TlsIdentity&) override {
        return absl::UnimplementedError("no agent");
    }
    Result<interfaces::HostAddress> pair(const std::string&, const std::string&,
                                         const interfaces::TlsIdentity&, Deadline) override {
        return absl::UnimplementedError("no agent");
    }
};

}  // namespace

HostsAccess::HostsAccess() : m_connector(std::make_unique<NoConnector>()) {}
HostsAccess::~HostsAccess() = default;

void HostsAccess::declare(CommandLine& line) {
    line.value({.names = "--hosts",
                .help = "Folder of the hosts that this console is paired with; default: hosts",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
}

Result<std::shared_ptr<interfaces::Host>> HostsAccess::host(const std::string& name) {
    std::error_code error;
    if (const std::filesystem::path socket = std::filesystem::path(name) / "host" / "agent.sock";
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
    for (const usecase::PlannedHost& host : network.hosts())
        if (!host.isLocal() && settings.identity.keyPem.empty()) {
            ASSIGN_OR_RETURN(const auto known, paired());
            ASSIGN_OR_RETURN(settings.identity, known.identity());
        }
    return usecase::NetworkHosts::open(network, settings, deadline);
}

}  // namespace chancery::cli
