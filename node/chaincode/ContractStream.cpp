#include "node/chaincode/ContractStream.h"

#include <fmt/format.h>

#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "node/chaincode/ContractRequests.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::string_view kRoom = "chaincode";
constexpr std::uint32_t kBatchRecords = 1000;  // as Fabric 3.1 announces it

std::string nameOf(::protos::ChaincodeMessage::Type type) {
    const auto& name = ::protos::ChaincodeMessage::Type_Name(type);
    return name.empty() ? fmt::format("{}", static_cast<int>(type)) : name;
}

std::string_view shortened(std::string_view txId) {
    return txId.substr(0, 8);
}

ContractStream::Message messageOfType(::protos::ChaincodeMessage::Type type) {
    ContractStream::Message message;
    message.set_type(type);
    return message;
}

}  // namespace

ContractStream::ContractStream(std::shared_ptr<MessagePipe> pipe, Surroundings surroundings)
    : m_pipe(std::move(pipe)), m_surroundings(std::move(surroundings)) {}

std::string ContractStream::packageId() const {
    const std::lock_guard lock(m_mutex);
    return m_packageId;
}

void ContractStream::ping() {
    m_pipe->send(messageOfType(Message::KEEPALIVE));
}

void ContractStream::begin(const ExecutionPtr& execution) {
    Status refused;
    {
        const std::lock_guard lock(m_mutex);
        if (execution->ended) return;  // its time was over before
        if (m_state != State::Ready) {
            refused = makeError(StatusCode::kUnavailable, "STREAM_ENDED",
                                "error sending: chaincode stream terminated");
        } else if (!m_executions
                        .try_emplace({execution->channelName(), execution->txId().str()}, execution)
                        .second) {
            refused = makeError(StatusCode::kAlreadyExists, "TRANSACTION_RUNS",
                                fmt::format("error sending: txid: {}({}) exists",
                                            execution->txId().str(), execution->channelName()));
        }
        if (!refused.ok()) execution->ended = true;
    }
    if (!refused.ok()) {
        std::exchange(execution->done, nullptr)(std::move(refused));
        return;
    }
    Message message;
    message.set_type(execution->isInit ? Message::INIT : Message::TRANSACTION);
    message.set_payload(execution->input);
    message.set_txid(execution->txId().str());
    message.set_channel_id(execution->channelName());
    auto* proposal = message.mutable_proposal();
    proposal->set_proposal_bytes(execution->proposal->proposal.data(),
                                 execution->proposal->proposal.size());
    proposal->set_signature(execution->proposal->signature.data(),
                            execution->proposal->signature.size());
    m_pipe->send(std::move(message));
}

bool ContractStream::abandon(const ExecutionPtr& execution, const Status& why) {
    {
        const std::lock_guard lock(m_mutex);
        if (execution->ended) return false;
        execution->ended = true;
        m_executions.erase({execution->channelName(), execution->txId().str()});
    }
    std::exchange(execution->done, nullptr)(why);
    return true;
}

void ContractStream::receive(Message message) {
    m_received.fetch_add(1, std::memory_order_relaxed);
    if (message.type() == Message::KEEPALIVE) return;
    State state;
    {
        const std::lock_guard lock(m_mutex);
        state = m_state;
    }
    if (state == State::Ended) return;
    if (state == State::Created && message.type() == Message::REGISTER)
        return takeRegistration(message);
    if (state == State::Ready) {
        if (message.type() == Message::COMPLETED || message.type() == Message::ERROR)
            return takeEnd(std::move(message));
        if (isRequest(message.type())) return takeRequest(std::move(message));
    }
    const auto why = fmt::format(
        "[{}] Fabric side handler cannot handle message ({}) while in {} "
        "state",
        printable(message.txid(), 64), nameOf(message.type()),
        state == State::Ready ? "ready" : "created");
    log::warning(kRoom, why);
    m_pipe->close(makeError(StatusCode::kInvalidArgument, "ILLEGAL_MESSAGE", why));
}

void ContractStream::takeRegistration(const Message& message) {
    ::protos::ChaincodeID id;
    Status refused;
    if (!id.ParseFromString(message.payload()) || id.name().empty()) {
        refused = makeError(StatusCode::kInvalidArgument, "BAD_REGISTRATION",
                            "error in handling register chaincode, chaincodeID name is empty");
    } else {
        refused = m_surroundings.mayRegister(id.name());
    }
    if (!refused.ok()) {
        log::warning(kRoom, fmt::format("a contract was refused: {}", messageOf(refused)));
        m_pipe->close(refused);
        return;
    }
    Message ready = messageOfType(Message::READY);
    if (m_surroundings.announcesBatches) {
        ::protos::ChaincodeAdditionalParams parameters;
        parameters.set_use_write_batch(true);
        parameters.set_max_size_write_batch(kBatchRecords);
        parameters.set_use_get_multiple_keys(true);
        parameters.set_max_size_get_multiple_keys(kBatchRecords);
        ready.set_payload(wire::serialize(parameters));
    }
    m_pipe->send(messageOfType(Message::REGISTERED));
    m_pipe->send(std::move(ready));
    {
        const std::lock_guard lock(m_mutex);
        m_packageId = id.name();
        m_state = State::Ready;
    }
    m_surroundings.ready(shared_from_this());
}

void ContractStream::takeEnd(Message message) {
    ExecutionPtr execution;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_executions.find({message.channel_id(), message.txid()});
        if (found == m_executions.end()) return;  // late, or nobody's
        execution = found->second;
        if (execution->busy) {
            // A request of its own is still being answered: the simulation is in use.
            if (!execution->early) execution->early = std::move(message);
            return;
        }
        m_executions.erase(found);
        execution->ended = true;
    }
    execution->queries.clear();
    std::exchange(execution->done, nullptr)(std::move(message));
}

void ContractStream::takeRequest(Message message) {
    ExecutionPtr execution;
    bool isSecond = false;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_executions.find({message.channel_id(), message.txid()});
        if (found != m_executions.end()) {
            execution = found->second;
            isSecond = std::exchange(execution->busy, true);
        }
    }
    if (isSecond) {
        log::warning(kRoom, fmt::format("[{}] Another request pending for this CC: {}. Cannot "
                                        "process.",
                                        printable(shortened(message.txid())), m_packageId));
        return;
    }
    if (m_surroundings.metrics)
        // A name that a contract makes up must not become a label.
        m_surroundings.metrics->requestReceived(
            nameOf(message.type()), execution ? message.channel_id() : "unknown", m_packageId);
    if (!execution)
        return sendError(message, message.type() == Message::INVOKE_CHAINCODE
                                      ? "could not get valid transaction"
                                      : "no ledger context");
    if (message.type() == Message::INVOKE_CHAINCODE) return call(execution, std::move(message));
    if (!isSlow(message)) return answer(execution, message);
    // Not there any more when the peer stops: then nobody waits for the answer either.
    if (const auto pool = m_surroundings.pool.lock())
        pool->post([self = shared_from_this(), execution, request = std::move(message)] {
            self->answer(execution, request);
        });
}

void ContractStream::answer(const ExecutionPtr& execution, const Message& request) {
    const auto began = std::chrono::steady_clock::now();
    reply(execution, request, answerRequest(*execution, request), began);
}

void ContractStream::call(const ExecutionPtr& execution, Message request) {
    const auto began = std::chrono::steady_clock::now();
    auto shared = std::make_shared<Message>(std::move(request));
    m_surroundings.callContract(
        execution, *shared,
        [self = shared_from_this(), execution, shared, began](Result<Bytes> payload) {
            self->reply(execution, *shared, std::move(payload), began);
        });
}

void ContractStream::reply(const ExecutionPtr& execution, const Message& request,
                           Result<Bytes> payload, std::chrono::steady_clock::time_point began) {
    if (m_surroundings.metrics)
        m_surroundings.metrics->requestCompleted(nameOf(request.type()), request.channel_id(),
                                                 m_packageId, payload.ok(),
                                                 std::chrono::steady_clock::now() - began);
    std::optional<Message> early;
    {
        const std::lock_guard lock(m_mutex);
        execution->busy = false;
        if (execution->ended) return;
        early = std::exchange(execution->early, std::nullopt);
    }
    if (early) return takeEnd(*std::move(early));
    if (!payload.ok()) return sendError(request, messageOf(payload.status()));
    Message message;
    message.set_type(Message::RESPONSE);
    message.set_payload(*std::move(payload));
    message.set_txid(request.txid());
    message.set_channel_id(request.channel_id());
    m_pipe->send(std::move(message));
}

void ContractStream::sendError(const Message& request, std::string_view why) {
    Message message;
    message.set_type(Message::ERROR);
    message.set_payload(fmt::format("{} failed: transaction ID: {}: {}", nameOf(request.type()),
                                    request.txid(), why));
    message.set_txid(request.txid());
    message.set_channel_id(request.channel_id());
    m_pipe->send(std::move(message));
}

void ContractStream::closed(const Status& why) {
    std::map<Key, ExecutionPtr> left;
    {
        const std::lock_guard lock(m_mutex);
        if (m_state == State::Ended) return;
        m_state = State::Ended;
        left.swap(m_executions);
        for (const auto& [key, execution] : left) execution->ended = true;
    }
    // First, so that whoever asks again after the answer gets another stream.
    m_surroundings.ended(*this, why);
    const Status terminated = makeError(StatusCode::kUnavailable, "STREAM_ENDED",
                                        "error sending: chaincode stream terminated");
    for (const auto& [key, execution] : left) std::exchange(execution->done, nullptr)(terminated);
}

}  // namespace chancery::node
