#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "node/chaincode/ChaincodeOptions.h"
#include "node/chaincode/ContractAuthority.h"
#include "node/chaincode/ContractStream.h"
#include "node/chaincode/PackageStore.h"
#include "node/chaincode/Timers.h"
#include "src/process/Child.h"

namespace chancery::node {

class ChildPipe;

/// Keeps the contracts of a peer running: one process and one stream per package, for all channels
/// (fact sheet B §4.5, §5.2). Starts or dials them, ends those that hang or take too much memory,
/// starts them again with growing pauses. Thread-safe.
class ContractHosts : public std::enable_shared_from_this<ContractHosts> {
public:
    ContractHosts(const ChaincodeOptions& options, std::shared_ptr<PackageStore> packages,
                  std::shared_ptr<ContractAuthority> authority, std::shared_ptr<TaskPool> pool,
                  std::shared_ptr<Timers> timers, std::shared_ptr<ChaincodeMetrics> metrics);

    using CallContract = decltype(ContractStream::Surroundings::callContract);
    /// Before anything is started: where streams send calls of other contracts, and the address at
    /// which contracts reach the peer.
    void connect(CallContract callContract, std::string peerAddress);

    /// The stream to a contract, started when it is not: `done` is called with it, or with why
    /// there is none.
    void stream(const std::string& packageId, std::function<void(Result<ContractStreamPtr>)> done);
    /// These packages, and no others, shall be kept running.
    void keep(const std::vector<std::string>& packageIds);
    /// A transaction of the contract has timed out: is there still somebody?
    void overdue(const ContractStreamPtr& stream);
    /// The contract has answered a transaction.
    void answered(const std::string& packageId);

    /// For a contract that dials in, with the hash of its TLS certificate.
    ContractStreamPtr accept(std::shared_ptr<MessagePipe> pipe, const Bytes& certificateHash);

    struct HostStatus {
        ContractStatus::State state = ContractStatus::State::Idle;
        std::string why;
        std::int64_t memory = 0;
    };
    HostStatus status(const std::string& packageId) const;

    void stop(Deadline deadline);

private:
    using State = ContractStatus::State;
    using Waiting = std::function<void(Result<ContractStreamPtr>)>;

    struct Host {
        State state = State::Idle;
        std::uint64_t run = 0;  ///< number of the start: news of earlier ones do not count
        ContractStreamPtr stream;
        std::shared_ptr<process::Child> child;
        std::shared_ptr<ChildPipe> pipe;  ///< to a child that talks by a socket
        std::vector<Waiting> waiting;
        std::string why;
        bool isKept = false;
        int failures = 0;  ///< in a row
        int overdue = 0;   ///< transactions that timed out since the last answer
        Deadline began;
        Deadline notBefore;
    };

    void start(const std::string& packageId, Host& host);
    void launch(const std::string& packageId, std::uint64_t run);
    Status dial(const InstalledPackage& package, std::uint64_t run);
    Status spawn(const InstalledPackage& package, std::uint64_t run);
    Result<process::Command> commandFor(const InstalledPackage& package,
                                        const std::filesystem::path& code);
    ContractStream::Surroundings surroundingsOf(const std::string& packageId, std::uint64_t run);
    ContractStream::Surroundings surroundings(
        std::function<Status(const std::string&)> mayRegister);
    Status mayDialIn(const std::string& packageId, const Bytes& certificateHash) const;
    void ready(const ContractStreamPtr& stream);
    void ended(ContractStream& stream, const Status& why);
    void fail(const std::string& packageId, std::uint64_t run, const std::string& why,
              bool timedOut = false);
    void kill(const std::string& packageId, std::uint64_t run, const std::string& why);
    void restartLater(const std::string& packageId, Deadline when);
    void watchMemory();

    const ChaincodeOptions m_options;
    const std::shared_ptr<PackageStore> m_packages;
    const std::shared_ptr<ContractAuthority> m_authority;
    const std::shared_ptr<TaskPool> m_pool;
    const std::shared_ptr<Timers> m_timers;
    const std::shared_ptr<ChaincodeMetrics> m_metrics;
    CallContract m_callContract;
    std::string m_peerAddress;

    mutable std::mutex m_mutex;
    std::map<std::string, Host> m_hosts;
    bool m_stopped = false;
    bool m_watching = false;
};

}  // namespace chancery::node
