#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "node/contract/Caller.h"
#include "node/contract/ContractHost.h"
#include "node/contract/Conversation.h"
#include "node/contract/Realm.h"
#include "node/contract/Usage.h"

namespace chancery::node::contract {

/// The transactions that run, and the realm in which they do. One thread.
class TransactionTable final : private RealmHost {
public:
    TransactionTable(const ContractLimits& limits, std::string localMspId, BusyMeter& meter);

    /// Makes the realm and takes the contract in; gives its metadata.
    Result<std::string> load(ContractPackage package);

    void take(const std::shared_ptr<Conversation>& conversation, protos::ChaincodeMessage message);
    /// The stream is at its end.
    void forget(const Conversation& conversation);

    /// When the next transaction must be ended; nothing when none runs.
    std::optional<std::chrono::steady_clock::time_point> nextDeadline() const;
    void endOverdue();

private:
    using Message = protos::ChaincodeMessage;
    using Clock = std::chrono::steady_clock;

    struct Transaction {
        std::shared_ptr<Conversation> conversation;
        std::string key;  ///< in m_numbers
        Message message;  ///< as the peer sent it, for the proposal and the ids
        protos::ChaincodeInput input;
        std::optional<Caller> caller;
        Clock::time_point deadline;
        std::chrono::nanoseconds computed{};
        std::uint64_t written = 0;
        std::size_t questions = 0;
        int waitingFor = 0;  ///< answer type of the open question; 0: none
        bool done = false;
    };

    // RealmHost
    Status ask(TransactionNumber number, Question question) override;
    void complete(TransactionNumber number, Completion completion) override;
    void fail(TransactionNumber number, std::string_view sentence) override;
    Result<std::string> describeCaller(TransactionNumber number) override;
    Result<Bytes> proposalPart(TransactionNumber number, std::string_view name) override;
    Result<Bytes> argument(TransactionNumber number, std::size_t index) override;
    Result<std::string> certificateFacts(BytesView pem) override;
    std::string localMspId() override { return m_localMspId; }
    void log(std::string_view level, std::string_view text) override;
    bool mustStop() override;

    void begin(const std::shared_ptr<Conversation>& conversation, Message message);
    void goOn(const std::shared_ptr<Conversation>& conversation, const Message& message);
    /// Runs a step of a transaction within its limits and looks what came of it.
    template <class Step>
    void run(TransactionNumber number, Step&& step);
    void end(TransactionNumber number, std::string_view sentence);
    void erase(TransactionNumber number);
    Result<Caller*> callerOf(TransactionNumber number);
    Message messageOf(const Transaction& transaction, Message::Type type) const;

    const ContractLimits m_limits;
    const std::string m_localMspId;
    BusyMeter& m_meter;
    CertificateFacts m_certificates;

    TransactionNumber m_last = 0;
    std::map<TransactionNumber, Transaction> m_transactions;  // by age
    std::unordered_map<std::string, TransactionNumber> m_numbers;

    // Of the step that runs.
    std::chrono::nanoseconds m_stepBegan{};
    std::chrono::nanoseconds m_stepMay{};
    Clock::time_point m_stepDeadline;
    std::string m_stopReason;

    std::unique_ptr<Realm> m_realm;  // the last: it calls this object
};

}  // namespace chancery::node::contract
