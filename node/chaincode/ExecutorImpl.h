#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "node/chaincode/ContractHosts.h"
#include "node/chaincode/Executor.h"
#include "node/chaincode/InstalledPackages.h"
#include "node/chaincode/RunnableContracts.h"
#include "node/chaincode/ShimService.h"
#include "node/chaincode/SimulationGates.h"
#include "src/rpc/Server.h"

namespace chancery::node {

/// See makeContractExecutor. What outlives a call holds it by a weak pointer.
class Executor final : public InstalledPackages, public std::enable_shared_from_this<Executor> {
public:
    using Done = std::function<void(Result<ExecutionResult>)>;
    using Proposal = std::shared_ptr<const protocol::UnpackedProposal>;
    using Channel = std::shared_ptr<ExecutionChannel>;

    static Result<std::shared_ptr<Executor>> make(const ChaincodeOptions& options);
    ~Executor() override;

    void execute(Proposal proposal, Channel channel, Deadline deadline, Done done);
    void addSystemContract(std::shared_ptr<SystemContract> contract);
    bool isSystemContract(std::string_view name) const;
    void definitionsChanged(Channel channel);
    bool canRun(ExecutionChannel& channel, const std::string& contract);
    Result<std::vector<ContractIndex>> indexes(ExecutionChannel& channel,
                                               const std::string& contract);
    const std::string& address() const { return m_address; }
    std::vector<ContractStatus> contracts() const;
    void stop(Deadline deadline);
    /// Whether a task or timer holds the parts of it right now.
    bool isInUse() const { return m_hosts.use_count() > 1; }

    // InstalledPackages
    Result<Entry> install(BytesView package) override;
    Result<Bytes> package(const std::string& packageId) const override;
    std::vector<Entry> list() const override;

private:
    /// Of one contract on one channel; each holds a view of the ledger.
    static constexpr std::size_t kMostSimulations = 64;

    explicit Executor(const ChaincodeOptions& options) : m_options(options) {}
    Status begin();

    /// What a transaction calls: a contract of a client's proposal, or of another contract.
    struct Call {
        Proposal proposal;
        Channel channel;
        std::shared_ptr<Simulation> simulation;
        std::string contract;
        Bytes input;  ///< ChaincodeInput
        bool isInit = false;
        Deadline deadline;
    };
    using Ended = std::function<void(Result<::protos::ChaincodeMessage>)>;

    std::shared_ptr<SystemContract> systemContract(std::string_view name) const;
    void simulate(const Proposal& proposal, const Channel& channel, Deadline deadline, Done done);
    void executeSystem(std::shared_ptr<SystemContract> contract, Proposal proposal, Channel channel,
                       Done done);
    /// Nothing has been read yet when it is called. Fabric's sentence in errors.
    Result<RunnableContractPtr> runnable(Simulation& simulation, const ChannelId& channel,
                                         const std::string& contract);
    Status checkInit(Simulation& simulation, const std::string& contract,
                     const protocol::ChaincodeDefinition& definition, bool isInit);
    /// The definition has been looked up.
    void run(const Call& call, const RunnableContract& contract, Ended ended);
    void expire(const ContractStreamPtr& stream, const ExecutionPtr& execution);
    void callContract(const ExecutionPtr& caller, const ::protos::ChaincodeMessage& request,
                      std::function<void(Result<Bytes>)> done);
    void callSystemContract(std::shared_ptr<SystemContract> contract, Call call, Ended ended);
    void refreshReferences();

    const ChaincodeOptions m_options;
    std::shared_ptr<TaskPool> m_pool;
    std::shared_ptr<Timers> m_timers;
    const std::shared_ptr<SimulationGates> m_gates =
        std::make_shared<SimulationGates>(kMostSimulations);
    std::shared_ptr<PackageStore> m_packages;
    std::shared_ptr<ContractAuthority> m_authority;
    std::shared_ptr<ChaincodeMetrics> m_metrics;
    std::shared_ptr<ContractHosts> m_hosts;
    std::unique_ptr<RunnableContracts> m_runnable;
    std::unique_ptr<ShimService> m_service;
    std::unique_ptr<rpc::Server> m_server;
    std::string m_address;

    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<SystemContract>, std::less<>> m_systemContracts;
    std::map<ChannelId, std::weak_ptr<ExecutionChannel>> m_channels;
    using References =
        std::map<std::string,
                 std::map<std::string, std::vector<std::pair<std::string, std::string>>>>;
    References m_references;
    std::atomic<bool> m_stopped = false;
};

}  // namespace chancery::node
