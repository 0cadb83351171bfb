#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>

#include "src/interfaces/Host.h"
#include "src/interfaces/Node.h"

namespace chancery::test {

/// A host whose nodes are what was told: starting and stopping changes their states at once.
/// Thread-safe.
class FakeWatchedHost : public interfaces::Host,
                        public interfaces::HostNodes,
                        public interfaces::HostLogs {
public:
    void setFacts(interfaces::HostFacts facts);
    /// Every call fails with it; OK: answers again.
    void fail(Status problem);
    /// Adds it or tells all who watch of its change.
    void tell(const interfaces::NodeState& state);
    /// Whoever follows the log gets them too.
    void log(const std::string& node, std::vector<interfaces::LogLine> lines);
    /// Calls that change something, in order: "stop peer0.example".
    std::vector<std::string> done() const;

    Result<interfaces::HostFacts> facts(Deadline deadline) override;
    Result<std::vector<interfaces::HostFinding>> preflight(const interfaces::HostNeeds& needs,
                                                           Deadline deadline) override;
    Result<std::vector<std::uint16_t>> freePorts(std::uint32_t count, Deadline deadline) override;
    interfaces::HostNodes& nodes() override { return *this; }
    interfaces::HostLogs& logs() override { return *this; }
    interfaces::HostFiles& files() override;
    interfaces::HostAccess& access() override;
    std::shared_ptr<interfaces::Node> node(const interfaces::NodeRef& node) override;
    Status shutDown(bool keepNodes, Deadline deadline) override;

    Result<std::vector<interfaces::NodeState>> list(const std::string& network,
                                                    Deadline deadline) override;
    Result<bool> apply(const interfaces::NodePlan& plan, Deadline deadline) override;
    Result<std::vector<interfaces::NodeState>> start(const std::vector<interfaces::NodeRef>& nodes,
                                                     Deadline deadline,
                                                     std::stop_token stop = {}) override;
    Status stop(const std::vector<interfaces::NodeRef>& nodes, Deadline deadline) override;
    Result<std::vector<interfaces::NodeState>> restart(
        const std::vector<interfaces::NodeRef>& nodes, Deadline deadline) override;
    Status remove(const std::vector<interfaces::NodeRef>& nodes, Deadline deadline) override;
    Result<interfaces::NodeState> upgrade(const interfaces::NodeRef& node,
                                          const std::string& version, Deadline deadline) override;
    Result<interfaces::NodeState> rollBack(const interfaces::NodeRef& node,
                                           Deadline deadline) override;
    Subscription watch(std::function<void(const interfaces::NodeState&)> changed) override;

    Status read(const interfaces::LogQuery& query,
                const std::function<Status(const std::vector<interfaces::LogLine>&)>& lines,
                Deadline deadline, std::stop_token stop = {}) override;

private:
    struct Watch {
        std::mutex mutex;
        std::function<void(const interfaces::NodeState&)> changed;
    };
    Result<std::vector<interfaces::NodeState>> move(const char* word,
                                                    const std::vector<interfaces::NodeRef>& nodes,
                                                    interfaces::NodePhase phase);
    mutable std::mutex m_mutex;
    std::condition_variable_any m_logged;
    interfaces::HostFacts m_facts;
    Status m_problem;
    std::map<std::string, interfaces::NodeState> m_states;
    std::map<std::string, std::vector<interfaces::LogLine>> m_logs;
    std::list<std::shared_ptr<Watch>> m_watches;
    std::vector<std::string> m_done;
};

}  // namespace chancery::test
