#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/contract/ContractPackage.h"
#include "src/base/Status.h"

namespace protos {
class ChaincodeMessage;
}

namespace chancery::node::contract {

/// What one transaction may cost. What goes beyond is ended; its caller gets an error that says
/// why.
struct ContractLimits {
    std::chrono::milliseconds computing{3'000};  ///< CPU time of one transaction
    std::chrono::milliseconds lasting{25'000};   ///< with its waits; peers give up after 30 s
    std::uint64_t maxWriteBytes = 32U << 20;     ///< keys and values that it writes
    std::size_t maxQuestions = 500'000;          ///< messages to its peer
    std::uint64_t maxMemoryBytes = 512U << 20;   ///< of this process
    std::size_t maxTransactions = 4'096;         ///< at the same time
};

/// Why a host cannot go on: a contract is inside of one operation of the engine that does not end.
using OnStuck = std::function<void(std::string_view why)>;

/// Runs the transactions of one contract for any number of peers. JavaScript runs on a thread of
/// the host's own; while one transaction waits for its peer, others go on.
class ContractHost {
public:
    struct Options {
        ContractPackage package;
        std::string packageId;  ///< with which it registers
        std::string localMspId;
        ContractLimits limits;
        OnStuck onStuck;  ///< on a thread of the host; may end the process
    };
    /// Takes the contract in. Errors as Realm::make and Realm::load.
    static Result<std::unique_ptr<ContractHost>> start(Options options);
    /// Ends sessions without a word; running transactions get no answer.
    ~ContractHost();

    /// Metadata of the contracts as `org.hyperledger.fabric:GetMetadata` gives it.
    const std::string& metadata() const;

    /// The conversation with one peer (fact sheet B §5).
    class Session {
    public:
        virtual ~Session() = default;
        /// A message of the peer. Any thread, one at a time.
        virtual void receive(protos::ChaincodeMessage message) = 0;
        /// The stream is at its end: its transactions are forgotten, nothing more is sent.
        virtual void close() = 0;
    };
    /// Registers at once. `send` is called on any thread, one call at a time, and must not wait;
    /// after `close` returned it is not called any more. `ready` is called once, when the peer has
    /// accepted the contract; may be empty.
    std::shared_ptr<Session> open(std::function<void(protos::ChaincodeMessage)> send,
                                  std::function<void()> ready = {});

    /// Where messages come from, for a host that waits for them itself instead of being told on
    /// another thread.
    struct Feed {
        /// Waits for messages, `wake` or the deadline; messages go to sessions in it. False when
        /// nothing more will come.
        std::function<bool(std::optional<std::chrono::steady_clock::time_point> until)> wait;
        std::function<void()> wake;  ///< from any thread
    };
    /// From now on the host's thread waits there. One at a time.
    void feedBy(Feed feed);
    /// Returns when the feed is not used any more. Not on the host's thread.
    void stopFeed();

    struct Impl;

private:
    explicit ContractHost(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::node::contract
