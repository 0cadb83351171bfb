#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/interfaces/Nodes.h"
#include "src/usecase/DeployContract.h"
#include "src/usecase/StartNetwork.h"

namespace chancery::usecase {

/// Told after each step of a bring-up, with the time it took.
using StepListener = std::function<void(const std::string& what, std::chrono::nanoseconds took)>;

struct ContractPlan {
    DefinitionText definition;
    Bytes package;
};

/// Brings a network from nothing to where it serves. Steps build on each other; each may be called
/// again by somebody who knows where it stopped. One thread at a time.
class CreateNetwork {
public:
    CreateNetwork(interfaces::Connector& connector, Deadline deadline, StepListener listener = {},
                  const Clock& clock = Clock::system());

    /// Settings, CAs started, members enrolled there, nodes started, channel made, nodes joined.
    /// Errors name the step.
    Result<std::unique_ptr<RunningNetwork>> run(const NetworkPlan& plan,
                                                const std::filesystem::path& nodeProgram,
                                                interfaces::CaConnector& cas);
    /// Installs a contract on all peers, approves it for all organisations and commits it.
    Status deploy(const NetworkFolder& network, const ContractPlan& contract);
    /// Connection profiles (profiles/connection-<org>.json and .yaml) and file wallets as npm's
    /// fabric-network 2.2 reads them (wallets/<org>/<user>.id). Profiles name the registrar of each
    /// CA; its secret stays in the CA's folder.
    Status writeProfiles(const NetworkFolder& network);

    /// What a member of an organisation needs for transactions. `user`: "Admin", "User1".
    Result<TransactionContext> actAs(const NetworkFolder& network, const std::string& organisation,
                                     const std::string& user);
    /// Peers of all organisations, or of one; one peer each.
    Result<std::vector<interfaces::NodeAddress>> peers(const NetworkFolder& network,
                                                       const std::string& organisation = {}) const;
    Result<std::vector<interfaces::NodeAddress>> orderers(const NetworkFolder& network) const;

private:
    Status step(const std::string& what, const std::function<Status()>& work);
    Status enrolAll(const NetworkFolder& network, interfaces::CaConnector& cas);
    Status makeChannel(const NetworkFolder& network, Bytes& genesis);
    Status joinAll(const NetworkFolder& network, const Bytes& genesis);
    Status forEachPeer(const NetworkFolder& network,
                       const std::function<Status(const NetworkNode&)>& work);

    interfaces::Connector& m_connector;
    const Deadline m_deadline;
    const StepListener m_listener;
    const Clock& m_clock;
};

}  // namespace chancery::usecase
