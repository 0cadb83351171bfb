#pragma once

#include <filesystem>
#include <memory>

#include "src/cli/CommandLine.h"
#include "src/usecase/PairedHosts.h"
#include "src/usecase/StartNetwork.h"

namespace chancery::cli {

/// The option by which a command finds paired hosts, and the connections to agents.
class HostsAccess {
public:
    HostsAccess();
    ~HostsAccess();

    /// --hosts, --engines, --fabric-programs
    void declare(CommandLine& line);
    std::filesystem::path folder() const { return m_folder.value_or("hosts"); }
    interfaces::HostConnector& connector() { return *m_connector; }
    Result<usecase::PairedHosts> paired() const { return usecase::PairedHosts::open(folder()); }
    /// One of the paired hosts, or the agent that a folder "DIR/host" of a network has.
    Result<std::shared_ptr<interfaces::Host>> host(const std::string& name);
    /// Those of a network; shows what pairing has made when any of them is elsewhere.
    Result<std::unique_ptr<usecase::NetworkHosts>> open(const usecase::NetworkFolder& network,
                                                        usecase::HostSettings::Local local,
                                                        Deadline deadline);

private:
    std::optional<std::filesystem::path> m_folder;
    std::optional<std::filesystem::path> m_engines, m_fabric;
    std::unique_ptr<interfaces::HostConnector> m_connector;
};

}  // namespace chancery::cli
