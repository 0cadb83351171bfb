#include "node/contract/TransactionTable.h"

#include <fmt/format.h>

#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "src/base/Log.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node::contract {
namespace {

// What a step must have computed that memory is looked at behind it.
constexpr std::chrono::milliseconds kLongStep{10};

std::string keyOf(const Conversation& conversation, const protos::ChaincodeMessage& message) {
    return fmt::format("{}\n{}\n{}", static_cast<const void*>(&conversation), message.channel_id(),
                       message.txid());
}

}  // namespace

TransactionTable::TransactionTable(const ContractLimits& limits, std::string localMspId,
                                   BusyMeter& meter)
    : m_limits(limits), m_localMspId(std::move(localMspId)), m_meter(meter) {}

Result<std::string> TransactionTable::load(ContractPackage package) {
    m_stepBegan = threadTime();
    m_stepMay = m_limits.computing;
    m_stepDeadline = Clock::now() + m_limits.lasting;
    ASSIGN_OR_RETURN(m_realm, Realm::make(*this));
    auto metadata = m_realm->load(std::move(package));
    if (!metadata.ok() && !m_stopReason.empty())
        return withContext(metadata.status(), std::exchange(m_stopReason, {}));
    return metadata;
}

TransactionTable::Message TransactionTable::messageOf(const Transaction& transaction,
                                                      Message::Type type) const {
    Message message;
    message.set_type(type);
    message.set_txid(transaction.message.txid());
    message.set_channel_id(transaction.message.channel_id());
    return message;
}

void TransactionTable::take(const std::shared_ptr<Conversation>& conversation, Message message) {
    if (message.type() == Message::INIT || message.type() == Message::TRANSACTION)
        begin(conversation, std::move(message));
    else
        goOn(conversation, message);
}

void TransactionTable::begin(const std::shared_ptr<Conversation>& conversation, Message message) {
    Transaction transaction;
    transaction.conversation = conversation;
    transaction.key = keyOf(*conversation, message);
    transaction.deadline = Clock::now() + m_limits.lasting;
    auto input = wire::parse<protos::ChaincodeInput>(message.payload(), "ChaincodeInput");
    transaction.message = std::move(message);
    std::string refusal;
    if (!input.ok())
        refusal = chancery::messageOf(input.status());
    else if (m_numbers.contains(transaction.key))
        refusal = "a transaction with this id runs already";
    else if (m_transactions.size() >= m_limits.maxTransactions)
        refusal = fmt::format("{} transactions run already", m_limits.maxTransactions);
    if (!refusal.empty()) {
        Message answer = messageOf(transaction, Message::ERROR);
        answer.set_payload(refusal);
        conversation->send(std::move(answer));
        return;
    }
    transaction.message.clear_payload();
    transaction.input = *std::move(input);
    const TransactionNumber number = ++m_last;
    m_numbers.emplace(transaction.key, number);
    const Transaction& running =
        m_transactions.emplace(number, std::move(transaction)).first->second;
    const std::vector<BytesView> args(running.input.args().begin(), running.input.args().end());
    run(number, [&] {
        return m_realm->start(number, running.message.channel_id(), running.message.txid(),
                              running.message.type() == Message::INIT, args);
    });
}

void TransactionTable::goOn(const std::shared_ptr<Conversation>& conversation,
                            const Message& message) {
    const auto found = m_numbers.find(keyOf(*conversation, message));
    if (found == m_numbers.end()) return;  // it was ended
    const TransactionNumber number = found->second;
    Transaction& transaction = m_transactions.at(number);
    if (transaction.waitingFor == 0) {
        log::warning("contract", "an answer of the peer belongs to no question");
        return;
    }
    const Answer answer = decodeAnswer(std::exchange(transaction.waitingFor, 0), message);
    run(number, [&] { return m_realm->resume(number, answer); });
}

template <class Step>
void TransactionTable::run(TransactionNumber number, Step&& step) {
    Transaction& transaction = m_transactions.at(number);
    m_stepBegan = threadTime();
    m_stepMay = m_limits.computing - transaction.computed;
    m_stepDeadline = transaction.deadline;
    m_stopReason.clear();
    m_meter.begin();
    const Status ran = step();
    m_meter.end();
    const auto computed = threadTime() - m_stepBegan;
    transaction.computed += computed;
    if (transaction.done)  // also when what went on behind its answer had to be stopped
        erase(number);
    else if (!ran.ok())
        end(number, m_stopReason.empty() ? chancery::messageOf(ran) : m_stopReason);
    else if (transaction.waitingFor == 0)
        end(number,
            "the contract waits for something that never comes: a promise that nobody settles");
    if (computed > kLongStep && residentBytes() > m_limits.maxMemoryBytes / 2)
        m_realm->collectGarbage();
}

bool TransactionTable::mustStop() {
    if (m_meter.isInterrupted())
        m_stopReason = "the contract's host is ending";
    else if (threadTime() - m_stepBegan > m_stepMay)
        m_stopReason = fmt::format("the contract computed longer than the {} ms that it may",
                                   m_limits.computing.count());
    else if (Clock::now() > m_stepDeadline)
        m_stopReason = fmt::format("the transaction took longer than the {} ms that it may",
                                   m_limits.lasting.count());
    else if (residentBytes() > m_limits.maxMemoryBytes)
        m_stopReason = fmt::format("the contract took more than the {} MiB of memory that it may",
                                   m_limits.maxMemoryBytes >> 20);
    return !m_stopReason.empty();
}

void TransactionTable::end(TransactionNumber number, std::string_view sentence) {
    const Transaction& transaction = m_transactions.at(number);
    log::error("contract", fmt::format("[{}-{}] {}", transaction.message.channel_id(),
                                       transaction.message.txid().substr(0, 8), sentence));
    Message answer = messageOf(transaction, Message::ERROR);
    answer.set_payload(std::string(sentence));
    transaction.conversation->send(std::move(answer));
    erase(number);
    m_realm->drop(number);
}

void TransactionTable::erase(TransactionNumber number) {
    const auto found = m_transactions.find(number);
    m_numbers.erase(found->second.key);
    m_transactions.erase(found);
}

void TransactionTable::forget(const Conversation& conversation) {
    for (auto one = m_transactions.begin(); one != m_transactions.end();) {
        const auto [number, transaction] = std::pair(one->first, &one->second);
        const bool isTheirs = transaction->conversation.get() == &conversation;
        ++one;
        if (!isTheirs) continue;
        erase(number);
        m_realm->drop(number);
    }
}

std::optional<TransactionTable::Clock::time_point> TransactionTable::nextDeadline() const {
    if (m_transactions.empty()) return std::nullopt;
    return m_transactions.begin()->second.deadline;  // all may last equally long
}

void TransactionTable::endOverdue() {
    const auto now = Clock::now();
    while (!m_transactions.empty() && m_transactions.begin()->second.deadline <= now)
        end(m_transactions.begin()->first,
            fmt::format("the transaction took longer than the {} ms that it may",
                        m_limits.lasting.count()));
}

Status TransactionTable::ask(TransactionNumber number, Question question) {
    const auto found = m_transactions.find(number);
    if (found == m_transactions.end() || found->second.done)
        return makeError(StatusCode::kFailedPrecondition, "TRANSACTION_OVER",
                         "the transaction is over");
    Transaction& transaction = found->second;
    if (++transaction.questions > m_limits.maxQuestions)
        return makeError(
            StatusCode::kResourceExhausted, "TOO_MANY_QUESTIONS",
            fmt::format("the transaction asks its peer more than {} times", m_limits.maxQuestions));
    if (question.isWrite()) transaction.written += question.size();
    if (transaction.written > m_limits.maxWriteBytes)
        return makeError(
            StatusCode::kResourceExhausted, "WRITES_TOO_LARGE",
            fmt::format("the transaction writes more than {} bytes", m_limits.maxWriteBytes));
    ASSIGN_OR_RETURN(Bytes payload, encodeQuestion(question));
    Message message = messageOf(transaction, static_cast<Message::Type>(question.type));
    message.set_payload(std::move(payload));
    transaction.waitingFor = question.answerType();
    transaction.conversation->send(std::move(message));
    return {};
}

void TransactionTable::complete(TransactionNumber number, Completion completion) {
    const auto found = m_transactions.find(number);
    if (found == m_transactions.end() || std::exchange(found->second.done, true)) return;
    const Transaction& transaction = found->second;
    protos::Response response;
    response.set_status(completion.status);
    response.set_message(std::move(completion.message));
    response.set_payload(std::move(completion.payload));
    Message message = messageOf(transaction, Message::COMPLETED);
    message.set_payload(wire::serialize(response));
    if (!completion.eventName.empty()) {
        auto& event = *message.mutable_chaincode_event();
        event.set_event_name(std::move(completion.eventName));
        event.set_payload(std::move(completion.eventPayload));
    }
    transaction.conversation->send(std::move(message));
}

void TransactionTable::fail(TransactionNumber number, std::string_view sentence) {
    const auto found = m_transactions.find(number);
    if (found == m_transactions.end() || std::exchange(found->second.done, true)) return;
    Message message = messageOf(found->second, Message::ERROR);
    message.set_payload(std::string(sentence));
    found->second.conversation->send(std::move(message));
}

Result<Caller*> TransactionTable::callerOf(TransactionNumber number) {
    const auto found = m_transactions.find(number);
    if (found == m_transactions.end())
        return makeError(StatusCode::kFailedPrecondition, "TRANSACTION_OVER",
                         "the transaction is over");
    Transaction& transaction = found->second;
    if (!transaction.caller) {
        ASSIGN_OR_RETURN(transaction.caller, Caller::read(transaction.message.proposal()));
    }
    return &*transaction.caller;
}

Result<std::string> TransactionTable::describeCaller(TransactionNumber number) {
    ASSIGN_OR_RETURN(const Caller* caller, callerOf(number));
    return caller->description();
}

Result<Bytes> TransactionTable::proposalPart(TransactionNumber number, std::string_view name) {
    ASSIGN_OR_RETURN(const Caller* caller, callerOf(number));
    return caller->part(name);
}

Result<Bytes> TransactionTable::argument(TransactionNumber number, std::size_t index) {
    const auto found = m_transactions.find(number);
    if (found == m_transactions.end() ||
        index >= static_cast<std::size_t>(found->second.input.args_size()))
        return makeError(StatusCode::kOutOfRange, "NO_SUCH_ARGUMENT", "there is no such argument");
    return found->second.input.args(static_cast<int>(index));
}

Result<std::string> TransactionTable::certificateFacts(BytesView pem) {
    return m_certificates.of(pem);
}

void TransactionTable::log(std::string_view level, std::string_view text) {
    using log::Level;
    const Level as = level == "error"     ? Level::Error
                     : level == "warning" ? Level::Warning
                     : level == "debug"   ? Level::Debug
                                          : Level::Info;
    log::write(as, "contract", text);
}

}  // namespace chancery::node::contract
