#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "node/chaincode/ChaincodeMetrics.h"
#include "node/chaincode/Execution.h"
#include "node/chaincode/MessagePipe.h"
#include "src/base/TaskPool.h"

namespace chancery::node {

/// One stream to a contract's process, whoever dialled: registration, then all transactions of all
/// channels on it, each a little conversation of its own (fact sheet B §5). Driven by messages; no
/// thread waits in it. Thread-safe.
class ContractStream : public std::enable_shared_from_this<ContractStream> {
public:
    using Message = ::protos::ChaincodeMessage;

    /// What a stream needs of its surroundings. The functions are called without a lock.
    struct Surroundings {
        std::weak_ptr<TaskPool> pool;  ///< for requests that may take long
        std::shared_ptr<ChaincodeMetrics> metrics;
        /// Whether messages of Fabric 3.1 (batches) are announced as possible.
        bool announcesBatches = true;
        /// Whether a process of this name may register here; the error is for the log.
        std::function<Status(const std::string& packageId)> mayRegister;
        /// It has been told READY; executions may begin.
        std::function<void(const std::shared_ptr<ContractStream>&)> ready;
        /// The stream has ended; its executions are answered right after this.
        std::function<void(ContractStream&, const Status& why)> ended;
        /// The contract calls another one (INVOKE_CHAINCODE): `done` gets the payload of the
        /// RESPONSE, or the error for the contract.
        std::function<void(const ExecutionPtr& caller, const Message& request,
                           std::function<void(Result<Bytes>)> done)>
            callContract;
    };

    ContractStream(std::shared_ptr<MessagePipe> pipe, Surroundings surroundings);

    /// Runs the contract; `done` may be called before this returns. Refused with Fabric's sentence
    /// when the transaction runs here already.
    void begin(const ExecutionPtr& execution);
    /// Answers the execution with this error, if it was not answered; what the contract still sends
    /// for it is refused. Gives whether this ended it.
    bool abandon(const ExecutionPtr& execution, const Status& why);

    // From the pipe, one at a time.
    void receive(Message message);
    /// After the last message.
    void closed(const Status& why);

    /// Asks the process for a sign of life (KEEPALIVE).
    void ping();
    /// Number of messages that have come.
    std::uint64_t received() const { return m_received.load(std::memory_order_relaxed); }
    /// Empty before registration.
    std::string packageId() const;
    void close(const Status& why) { m_pipe->close(why); }

private:
    using Key = std::pair<std::string, std::string>;  ///< channel, transaction

    enum class State { Created, Ready, Ended };

    void takeRegistration(const Message& message);
    void takeEnd(Message message);
    void takeRequest(Message message);
    void answer(const ExecutionPtr& execution, const Message& request);
    void call(const ExecutionPtr& execution, Message request);
    void reply(const ExecutionPtr& execution, const Message& request, Result<Bytes> payload,
               std::chrono::steady_clock::time_point began);
    void sendError(const Message& request, std::string_view why);

    const std::shared_ptr<MessagePipe> m_pipe;
    const Surroundings m_surroundings;
    std::atomic<std::uint64_t> m_received = 0;

    mutable std::mutex m_mutex;
    State m_state = State::Created;
    std::string m_packageId;
    std::map<Key, ExecutionPtr> m_executions;
};
using ContractStreamPtr = std::shared_ptr<ContractStream>;

}  // namespace chancery::node
