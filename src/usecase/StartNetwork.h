#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/interfaces/Host.h"
#include "src/process/Child.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

/// How hosts of networks are reached.
struct HostSettings {
    interfaces::HostConnector& connector;
    /// What we show to agents elsewhere, as pairing has made it.
    interfaces::TlsIdentity identity = {};
    /// The agent of this machine: that of a folder that runs already is taken; else this decides.
    enum class Local {
        EndsWithUs,    ///< our child; it and its nodes end with this process, however it ends
        KeepsRunning,  ///< goes on when we end
        Never,         ///< UNAVAILABLE (AGENT_NOT_RUNNING)
    };
    Local local = Local::EndsWithUs;
    std::filesystem::path agentProgram = {};  ///< empty: findAgentProgram
    /// Of an agent that is started, "--engines", "/opt/chancery/engines".
    std::vector<std::string> agentOptions = {};
};

/// The agents that a network's nodes are in the care of. Thread-safe after it was opened.
class NetworkHosts {
public:
    /// Starts the agent of this machine when a host of the network is local. Nothing is sent to
    /// others before their first call.
    static Result<std::unique_ptr<NetworkHosts>> open(const NetworkFolder& network,
                                                      const HostSettings& settings,
                                                      Deadline deadline);
    /// Of hosts that somebody else has opened, by name.
    explicit NetworkHosts(std::map<std::string, std::shared_ptr<interfaces::Host>> hosts);
    ~NetworkHosts();

    /// NOT_FOUND (NO_SUCH_HOST).
    Result<interfaces::Host*> host(const std::string& name) const;
    /// Whether an agent of this machine is our child.
    bool ownsLocal() const { return m_child != nullptr; }
    pid_t localAgent() const { return m_child ? m_child->number() : 0; }
    /// Ends the agent of this machine with its nodes, whoever started it; others stay.
    Status endLocal(Deadline deadline);

private:
    std::map<std::string, std::shared_ptr<interfaces::Host>> m_hosts;
    std::string m_local;  // the local host's name; empty: none
    std::unique_ptr<process::Child> m_child;
};

/// A network whose hosts are open. One thread at a time.
class RunningNetwork {
public:
    RunningNetwork(NetworkFolder folder, std::unique_ptr<NetworkHosts> hosts);
    /// Ends what ends with us.
    ~RunningNetwork();

    NetworkFolder& folder() { return m_folder; }
    const NetworkFolder& folder() const { return m_folder; }
    NetworkHosts& hosts() { return *m_hosts; }

    /// Those that do not run, all at once; returns when all serve. The error names the node.
    /// Gives ports that are free at their hosts to those of the nodes' endpoints that have none.
    Status assignPorts(const std::vector<std::string>& nodes, Deadline deadline);
    Status startAll(Deadline deadline, std::stop_token stop = {});
    Status start(const std::vector<std::string>& nodes, Deadline deadline,
                 std::stop_token stop = {});
    Status startNode(const std::string& name, Deadline deadline) { return start({name}, deadline); }
    Status stop(const std::vector<std::string>& nodes, Deadline deadline);
    Status stopNode(const std::string& name);
    Status stopAll(Deadline deadline = deadlineIn(std::chrono::seconds(15)));
    /// Gives settings to hosts, in parallel.
    Status apply(const std::vector<interfaces::NodePlan>& plans, Deadline deadline);
    /// Stops and removes all nodes at their hosts, ledgers and keys included.
    Status removeAll(Deadline deadline);
    Result<std::vector<interfaces::NodeState>> states(Deadline deadline) const;
    Result<interfaces::NodeState> state(const std::string& node, Deadline deadline) const;
    /// NOT_FOUND (NO_SUCH_NODE, NO_SUCH_HOST).
    Result<interfaces::Host*> hostOf(const std::string& node) const;

private:
    using Work = std::function<Status(interfaces::Host&, const std::vector<interfaces::NodeRef>&)>;
    Status forEachHost(const std::vector<std::string>& nodes, const Work& work) const;
    std::vector<std::string> allNames() const;

    NetworkFolder m_folder;
    std::unique_ptr<NetworkHosts> m_hosts;
};

/// The CAs of a folder of their own as a child of this process; returns when they serve. A port
/// that they have chosen stands in the folder from then on. Errors of CaFolder::read and of the
/// process.
Result<std::unique_ptr<process::Child>> startCas(const CaFolder& folder,
                                                 const std::filesystem::path& nodeProgram,
                                                 Deadline deadline);

/// The chancery-node or chancery-agent that belongs to this program: beside it, or in PATH.
/// NOT_FOUND (PROGRAM_NOT_FOUND).
Result<std::filesystem::path> findNodeProgram();
Result<std::filesystem::path> findAgentProgram();

}  // namespace chancery::usecase
