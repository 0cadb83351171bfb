#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/state/StateView.h"
#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/Proposal.h"

namespace chancery::node {

/// What the executor needs to know of a channel. Thread-safe.
class ExecutionChannel {
public:
    virtual ~ExecutionChannel() = default;
    virtual const ChannelId& channelId() const = 0;
    virtual channel::BundlePtr bundle() const = 0;
    virtual BlockNumber height() const = 0;
    virtual Result<std::unique_ptr<StateView>> view() = 0;
    /// Calls `go` when view() will not wait: at once, or later on another thread.
    virtual void whenViewable(std::function<void()> go) { go(); }
    /// Whether an identity (SerializedIdentity bytes that were verified before) satisfies a channel
    /// policy of that path.
    virtual Status checkPolicy(std::string_view policyPath, BytesView creator) const = 0;
};

/// A contract that is part of the peer (cscc, qscc, _lifecycle).
struct SystemCall {
    const protocol::UnpackedProposal* proposal = nullptr;
    ExecutionChannel* channel = nullptr;     ///< null: called without a channel
    class Simulation* simulation = nullptr;  ///< null for contracts that never write (cscc, qscc)
    std::vector<Bytes> args;
    bool fromContract = false;  ///< called by another contract
};
struct ContractResponse {
    std::int32_t status = 200;
    std::string message;
    Bytes payload;
};
class SystemContract {
public:
    virtual ~SystemContract() = default;
    virtual std::string_view name() const = 0;
    virtual bool usesSimulation() const = 0;
    /// Any thread; several at once.
    virtual ContractResponse invoke(const SystemCall& call) = 0;
};

/// What came of an execution.
struct ExecutionResult {
    ContractResponse response;
    Bytes event;                    ///< ChaincodeEvent bytes, or empty
    Bytes readWriteSet;             ///< TxReadWriteSet
    Bytes privateWrites;            ///< TxPvtReadWriteSet; empty when none
    std::string version;            ///< of the committed definition; "syscc" for system contracts
    std::string endorsementPlugin;  ///< of the committed definition; empty for system contracts
    Bytes interest;                 ///< ChaincodeInterest
    BlockNumber height = 0;         ///< that was simulated at
    bool simulated = false;  ///< false for calls that have no simulation (qscc, cscc, no channel)
};

/// A package on this peer and the process behind it.
struct ContractStatus {
    enum class State { Idle, Starting, Running, Failed };
    std::string packageId;
    std::string label;
    std::string type;  ///< "ccaas", "node", "chancery", …
    State state = State::Idle;
    std::string why;          ///< Failed: the last reason
    std::int64_t memory = 0;  ///< bytes that its process holds; 0 when it is not ours
    /// Channel → contracts of it that run on this package, with their versions.
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> references;
};

/// An index file of a package: META-INF/statedb/couchdb/….
struct ContractIndex {
    std::string collection;  ///< empty: of the public state
    std::string name;        ///< of the file
    Bytes definition;
};

/// Runs proposals on contracts: Fabric's own forms (as a service, child process) and system
/// contracts. Thread-safe.
class ContractExecutor {
public:
    virtual ~ContractExecutor() = default;

    /// `done` is called once, on any thread, perhaps before this returns; not under a lock. The
    /// sentence of an error is Fabric's, for Response.message with status 500: either it begins
    /// with "make sure the chaincode", or it is what stands behind "error in simulation: ". What
    /// the contract itself answers is in the result. `channel` null: a call without a channel.
    virtual void execute(std::shared_ptr<const protocol::UnpackedProposal> proposal,
                         std::shared_ptr<ExecutionChannel> channel, Deadline deadline,
                         std::function<void(Result<ExecutionResult>)> done) = 0;
    virtual void addSystemContract(std::shared_ptr<SystemContract> contract) = 0;
    /// Also true for names that Fabric reserves and nobody added (lscc).
    virtual bool isSystemContract(std::string_view name) const = 0;

    /// To be called once for every channel when the peer has opened or joined it, and after each
    /// commit of a block that wrote to the namespace _lifecycle, when the new state can be read:
    /// what was approved is looked up again and contracts are started. Returns quickly.
    virtual void definitionsChanged(std::shared_ptr<ExecutionChannel> channel) = 0;
    /// The contract is defined in this channel at this sequence, approved by the own organisation
    /// and its package is installed: this peer can endorse for it (fact sheet B §9.4).
    virtual bool canRun(ExecutionChannel& channel, std::string_view contract) = 0;
    /// The indexes that the package for this contract brings along; none when it is not installed.
    virtual Result<std::vector<ContractIndex>> indexes(ExecutionChannel& channel,
                                                       std::string_view contract) = 0;
    /// "host:port" at which started contracts reach the peer.
    virtual std::string address() const = 0;
    /// What is installed and how it is doing.
    virtual std::vector<ContractStatus> contracts() const = 0;

    /// Takes no more calls, ends all contracts. Calls that run are answered with an error.
    virtual void stop(Deadline deadline) = 0;
};

}  // namespace chancery::node
