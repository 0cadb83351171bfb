#pragma once

#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

#include "src/client/GrpcConnector.h"
#include "src/usecase/CreateNetwork.h"
#include "tests/support/FakeHost.h"

namespace chancery::test {

/// A network of two organisations in a folder of its own, with the wallet contract. Throws
/// std::runtime_error when it cannot be made.
class TestNetwork {
public:
    /// `nodeModules`: a folder node_modules for contracts in Node.js.
    explicit TestNetwork(const std::filesystem::path& nodeModules = {},
                         const crypto::Suite& suite = crypto::ecdsaP256());

    /// Brings another contract onto the channel.
    void deploy(const usecase::ContractPlan& plan);

    usecase::RunningNetwork& running() { return *m_running; }
    const usecase::NetworkFolder& folder() const { return m_running->folder(); }
    std::string path() const { return m_temporary.path().toStdString() + "/network"; }
    interfaces::Connector& connector() { return *m_connector; }

    /// Stops a node in good order and starts it again, with the files that its folder has now.
    Status restart(const std::string& node);
    /// SIGKILL, and nobody starts it again.
    void killNode(const std::string& node);
    pid_t processOf(const std::string& node);

    usecase::TransactionContext actAs(const std::string& organisation, const std::string& user);
    /// Submits at the peers of both organisations and waits for the commit at these peers.
    Result<usecase::Submitted> submit(const std::vector<std::string>& args,
                                      Deadline deadline = deadlineIn(kLong));
    Result<Bytes> evaluate(const std::string& organisation, const std::vector<std::string>& args);
    /// Serialised blocks from 0 on, as a node gives them.
    std::vector<Bytes> blocks(const std::string& node);

    std::vector<interfaces::NodeAddress> peers() const;
    std::vector<interfaces::NodeAddress> orderers() const;

    static constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

private:
    QTemporaryDir m_temporary;
    // Nodes are killed at moments of a test's own, and no agent may start them again.
    std::shared_ptr<FakeHost> m_host;
    std::unique_ptr<usecase::RunningNetwork> m_running;
    std::unique_ptr<client::GrpcConnector> m_connector;  // gone before the nodes end
};

}  // namespace chancery::test
