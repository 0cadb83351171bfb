#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "src/interfaces/Host.h"
#include "src/interfaces/Node.h"
#include "src/process/Child.h"

namespace chancery::test {

/// A host without an agent: nodes are children of this process. For tests of what asks a host, and
/// of who must kill nodes at moments of his own.
class FakeHost final : public interfaces::Host,
                       private interfaces::HostNodes,
                       private interfaces::HostLogs,
                       private interfaces::HostFiles,
                       private interfaces::HostAccess {
public:
    /// Nodes stand in `state`/nodes/<network>/<node>, as an agent keeps them.
    FakeHost(std::filesystem::path state, std::filesystem::path nodeProgram);
    ~FakeHost() override;

    /// SIGKILL; nobody starts it again.
    void kill(const interfaces::NodeRef& node);
    /// What preflight shall find.
    std::vector<interfaces::HostFinding> findings;
    /// Started to fail: nodes that never serve.
    std::set<std::string> broken;
    std::vector<interfaces::NodePlan> applied;

    Result<interfaces::HostFacts> facts(Deadline deadline) override;
    Result<std::vector<interfaces::HostFinding>> preflight(const interfaces::HostNeeds& needs,
                                                           Deadline deadline) override;
    Result<std::vector<std::uint16_t>> freePorts(std::uint32_t count, Deadline deadline) override;
    interfaces::HostNodes& nodes() override { return *this; }
    interfaces::HostLogs& logs() override { return *this; }
    interfaces::HostFiles& files() override { return *this; }
    interfaces::HostAccess& access() override { return *this; }
    std::shared_ptr<interfaces::Node> node(const interfaces::NodeRef& node) override;
    Status shutDown(bool keepNodes, Deadline deadline) override;

private:
    struct Kept {
        interfaces::NodePlan plan;  // without content
        std::unique_ptr<process::Child> child;
        std::map<std::string, std::string> endpoints;
    };
    std::filesystem::path folderOf(const interfaces::NodeRef& node) const;
    interfaces::NodeState stateOf(const Kept& kept) const;
    static Status missing(const interfaces::NodeRef& node);

    Result<std::vector<interfaces::NodeState>> list(const std::string& network,
                                                    Deadline deadline) override;
    Result<bool> apply(const interfaces::NodePlan& plan, Deadline deadline) override;
    Result<std::vector<interfaces::NodeState>> start(const std::vector<interfaces::NodeRef>& nodes,
                                                     Deadline deadline,
                                                     std::stop_token stop) override;
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
                Deadline deadline, std::stop_token stop) override;
    Result<std::map<std::string, std::uint64_t>> copyOut(
        const interfaces::NodeRef& node, const std::function<Status(const Entry&)>& begin,
        const std::function<Status(BytesView)>& content, Deadline deadline,
        std::stop_token stop) override;
    Status copyIn(const interfaces::NodeRef& node,
                  const std::function<Result<std::optional<Entry>>()>& next,
                  const std::function<Result<Bytes>()>& content, Deadline deadline,
                  std::stop_token stop) override;
    Result<interfaces::PairingCode> newCode(const std::string& clientName,
                                            interfaces::HostRole role, Deadline deadline) override;
    Result<std::vector<interfaces::PairedClient>> clients(Deadline deadline) override;
    Status setRole(const std::string& fingerprint, interfaces::HostRole role,
                   Deadline deadline) override;
    Status revoke(const std::string& fingerprint, Deadline deadline) override;
    Result<std::vector<interfaces::AuditEntry>> audit(std::uint64_t from, std::uint32_t limit,
                                                      Deadline deadline) override;

    const std::filesystem::path m_state, m_nodeProgram;
    mutable std::mutex m_mutex;
    std::map<interfaces::NodeRef, Kept> m_nodes;
};

}  // namespace chancery::test
