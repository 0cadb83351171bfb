#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/interfaces/Nodes.h"
#include "src/usecase/DeployContract.h"
#include "src/usecase/StartNetwork.h"

namespace chancery::usecase {

/// A step of a bring-up: told when it begins, and again with the time that it took when it is done.
struct StepReport {
    std::string what;
    std::uint32_t number = 0;  ///< from 1 on; steps that go on at the same time have several
    std::uint32_t of = 0;
    std::optional<std::chrono::nanoseconds> took;
};
/// Any thread, one call at a time.
using StepListener = std::function<void(const StepReport&)>;

struct ContractPlan {
    DefinitionText definition;
    Bytes package;
    ChannelId channel = {};  ///< empty: the first
};

/// Opens the hosts of a network that is to be made.
using HostsOpener =
    std::function<Result<std::unique_ptr<NetworkHosts>>(const NetworkFolder& network)>;

/// Brings a network from nothing to where it serves, at all its hosts. One thread at a time.
class CreateNetwork {
public:
    CreateNetwork(interfaces::Connector& connector, Deadline deadline, StepListener listener = {},
                  const Clock& clock = Clock::system(), std::stop_token stop = {});

    /// Settings, CAs started, members enrolled there, nodes started, channels made, nodes joined,
    /// the topology's contracts deployed. Errors name the step. A network that was left unfinished
    /// is finished: what is done is not done again. When `stop` is asked for, everything is removed
    /// again: CANCELLED (STOPPED). FAILED_PRECONDITION (PREFLIGHT_FAILED) with what a host lacks.
    Result<std::unique_ptr<RunningNetwork>> run(const NetworkPlan& plan, const HostsOpener& open,
                                                interfaces::CaConnector& cas);
    /// Installs a contract on all peers of its channel, approves it for all members and commits it.
    /// What is so already stays.
    Status deploy(const NetworkFolder& network, const ContractPlan& contract);
    /// A topology's contract as it stands in resources/contracts.
    static Result<ContractPlan> contractOf(const TopologyContract& contract,
                                           const ChannelId& channel);
    /// Sends the topology's calls, one after the other.
    Status sendScenario(const NetworkFolder& network, const std::vector<TopologyCall>& calls);
    /// Connection profiles (profiles/connection-<org>.json and .yaml) and file wallets as npm's
    /// fabric-network 2.2 reads them (wallets/<org>/<user>.id). Profiles name the registrar of each
    /// CA; its secret stays in the CA's folder.
    Status writeProfiles(const NetworkFolder& network);
    /// Removes the network at all its hosts, and what this folder has of it.
    static Status remove(RunningNetwork& network, Deadline deadline);

    // Parts of `run` for those who change a network that serves.

    /// Starts its CAs and enrols an organisation's members there.
    Status enrol(RunningNetwork& network, const std::vector<std::size_t>& organisations,
                 interfaces::CaConnector& cas);
    /// Gives nodes their settings and starts them.
    Status startNodes(RunningNetwork& network, const std::vector<std::string>& nodes);
    /// `block`: genesis, or the newest config block.
    Status join(RunningNetwork& network, const NetworkNode& node, const Bytes& block);

    /// What a member of an organisation needs for transactions. `user`: "Admin", "User1".
    Result<TransactionContext> actAs(const NetworkFolder& network, const std::string& organisation,
                                     const std::string& user);
    /// Peers of all organisations, or of one.
    Result<std::vector<interfaces::NodeAddress>> peers(const NetworkFolder& network,
                                                       const std::string& organisation = {}) const;
    /// One peer of each member of a channel.
    Result<std::vector<interfaces::NodeAddress>> endorsers(const NetworkFolder& network,
                                                           const ChannelId& channel) const;
    Result<std::vector<interfaces::NodeAddress>> peersOf(const NetworkFolder& network,
                                                         const ChannelId& channel) const;
    /// Of one channel, or of all.
    Result<std::vector<interfaces::NodeAddress>> orderers(const NetworkFolder& network,
                                                          const ChannelId& channel = {}) const;

private:
    Status step(std::uint32_t number, const std::string& what, const std::function<Status()>& work);
    Result<std::unique_ptr<RunningNetwork>> begin(const NetworkPlan& plan, const HostsOpener& open);
    Status finish(RunningNetwork& network, interfaces::CaConnector& cas);
    Status choosePorts(RunningNetwork& network) const;
    Status makeChannel(const NetworkFolder& network, const TopologyChannel& channel) const;
    Status joinChannel(RunningNetwork& network, const TopologyChannel& channel);
    Status approve(const NetworkFolder& network, const ContractPlan& contract,
                   const std::string& organisation, const std::string& packageId,
                   SubmitRequest request);

    interfaces::Connector& m_connector;
    const Deadline m_deadline;
    const StepListener m_listener;
    const Clock& m_clock;
    const std::stop_token m_stop;
    std::mutex m_mutex;  // of the listener
    std::uint32_t m_steps = 0;
};

}  // namespace chancery::usecase
