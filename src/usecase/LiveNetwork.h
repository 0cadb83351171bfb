#pragma once

#include <functional>
#include <future>
#include <memory>
#include <set>
#include <string>

#include "src/usecase/CreateNetwork.h"
#include "src/usecase/WatchNetwork.h"

namespace chancery::usecase {

/// How a front end reaches nodes and agents; all outlive what is opened with them.
struct NetworkConnectors {
    interfaces::HostConnector& hosts;
    interfaces::Connector& nodes;
    interfaces::CaConnector& cas;
    /// A node without an admin API, by Fabric's own protocols; may be empty.
    std::function<Result<std::shared_ptr<interfaces::Node>>(const NetworkFolder& network,
                                                            const NetworkNode& node)>
        plainNode = {};
    std::filesystem::path agentProgram = {};  ///< empty: findAgentProgram
};

/// A network of this console's own that runs and is watched. Ends with this object, unless its
/// agents go on by themselves; its end waits for answers that are on their way. Thread-safe.
class LiveNetwork : public std::enable_shared_from_this<LiveNetwork> {
public:
    struct Options {
        std::string name;                       ///< for people; empty: the topology's
        interfaces::TlsIdentity identity = {};  ///< what hosts elsewhere are shown
        Deadline deadline = deadlineIn(std::chrono::seconds(120));
        std::stop_token stop = {};
    };
    /// As CreateNetwork::run; a network that was left unfinished is finished.
    static Result<std::shared_ptr<LiveNetwork>> create(const NetworkPlan& plan,
                                                       NetworkConnectors connectors,
                                                       Options options, StepListener listener = {});
    /// Starts what does not run. Errors of NetworkFolder::open and RunningNetwork::startAll.
    static Result<std::shared_ptr<LiveNetwork>> open(const std::filesystem::path& folder,
                                                     NetworkConnectors connectors, Options options);
    ~LiveNetwork();

    const NetworkFolder& folder() const { return m_running->folder(); }
    const std::string& name() const { return m_name; }
    /// Lives as long as this object at most.
    const std::shared_ptr<WatchNetwork>& watch() const { return m_watch; }

    /// Is ready when everything of it has ended, processes included; it may be opened again then.
    const std::shared_future<void>& ended() const { return m_ended; }

    /// NOT_FOUND (NO_SUCH_NODE); else what its host says.
    Status startNode(const std::string& node, Deadline deadline);
    Status stopNode(const std::string& node, Deadline deadline);
    Status restartNode(const std::string& node, Deadline deadline);

    /// What the topology shows when it is new. What a contract refuses, because it was sent before,
    /// is no error.
    Status sendScenario(Deadline deadline, std::stop_token stop = {});
    /// One transaction of the scenario's kind with a new name in it, endorsed by peers that answer.
    /// UNIMPLEMENTED (NO_SAMPLES) when the topology has none that can be repeated. One thread.
    Status sendSample(Deadline deadline, std::stop_token stop = {});

private:
    LiveNetwork(std::unique_ptr<RunningNetwork> running, NetworkConnectors connectors,
                const Options& options);
    WatchedNetwork watched() const;
    Result<std::pair<interfaces::Host*, interfaces::NodeRef>> find(const std::string& node) const;
    Status send(const TopologyCall& call, Deadline deadline, std::stop_token stop);

    std::shared_future<void> m_ended;
    std::shared_ptr<RunningNetwork> m_running;
    NetworkConnectors m_connectors;
    std::string m_name;
    std::shared_ptr<WatchNetwork> m_watch;
    std::uint64_t m_samples = 0;
    std::set<std::size_t> m_refused;  // calls of the scenario that cannot be repeated
};

}  // namespace chancery::usecase
