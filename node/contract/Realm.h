#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/contract/ContractPackage.h"
#include "node/contract/ShimCodec.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node::contract {

using TransactionNumber = std::uint32_t;

/// What a transaction came to.
struct Completion {
    std::int32_t status = 0;
    std::string message;
    Bytes payload;
    std::string eventName;  ///< empty: no event
    Bytes eventPayload;
};

/// What the contract's side of the realm needs from outside. Called on the realm's thread, inside
/// of its methods. The sentences of errors are thrown in the contract.
class RealmHost {
public:
    virtual ~RealmHost() = default;
    virtual Status ask(TransactionNumber transaction, Question question) = 0;
    virtual void complete(TransactionNumber transaction, Completion completion) = 0;
    /// The machinery around the contract failed: no answer of the contract's.
    virtual void fail(TransactionNumber transaction, std::string_view sentence) = 0;
    virtual Result<std::string> describeCaller(TransactionNumber transaction) = 0;
    virtual Result<Bytes> proposalPart(TransactionNumber transaction, std::string_view name) = 0;
    virtual Result<Bytes> argument(TransactionNumber transaction, std::size_t index) = 0;
    virtual Result<std::string> certificateFacts(BytesView pem) = 0;
    virtual std::string localMspId() = 0;
    virtual void log(std::string_view level, std::string_view text) = 0;
    /// Asked every few milliseconds while a contract computes: whether that must end now.
    virtual bool mustStop() = 0;
};

/// A JavaScript world in which a contract computes from its arguments and its peer's answers, and
/// from nothing else: no clock, chance, files, network, timers, language settings, and nothing that
/// an earlier or concurrent transaction left. The built-in objects are frozen, and the modules of
/// the contract run anew for each transaction.
///
/// One thread: that which made it. One realm in a process is enough; the engine is single-threaded
/// within one.
class Realm {
public:
    /// The host must outlive the realm. INTERNAL (ENGINE_FAILED) when the engine refuses what is
    /// built in.
    static Result<std::unique_ptr<Realm>> make(RealmHost& host);
    ~Realm();

    /// Takes the code in and runs it once. Gives the metadata of its contracts (JSON).
    /// INVALID_ARGUMENT (BAD_CONTRACT) with the message of what was thrown;
    /// DEADLINE_EXCEEDED (STOPPED_COMPUTING).
    Result<std::string> load(ContractPackage package);

    /// Begins a transaction, respectively goes on with it, until it waits for its peer or is
    /// complete. DEADLINE_EXCEEDED (STOPPED_COMPUTING) when the host stopped it: then nothing of it
    /// is left. INTERNAL (ENGINE_FAILED).
    Status start(TransactionNumber transaction, std::string_view channel, std::string_view txId,
                 bool isInit, const std::vector<BytesView>& args);
    Status resume(TransactionNumber transaction, const Answer& answer);
    /// Forgets it.
    void drop(TransactionNumber transaction);

    /// Gives unused memory back now.
    void collectGarbage();

    struct Impl;

private:
    explicit Realm(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Settings of the engine, to be made once before the first realm and before other threads: the
/// time zone is UTC, memory is given back early, code is optimised only on demand (for contracts
/// that compute much; takes memory).
void prepareEngine(bool optimise);

}  // namespace chancery::node::contract
