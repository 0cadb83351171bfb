#include "node/contract/Conversation.h"

#include <fmt/format.h>

#include "fabric/peer/chaincode.pb.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/wire/Serialize.h"

namespace chancery::node::contract {

Conversation::Conversation(std::function<void(Message)> send, std::function<void()> ready)
    : m_send(std::move(send)), m_ready(std::move(ready)) {}

void Conversation::registerAs(std::string_view packageId) {
    protos::ChaincodeID id;
    id.set_name(std::string(packageId));
    Message message;
    message.set_type(Message::REGISTER);
    message.set_payload(wire::serialize(id));
    send(std::move(message));
}

std::optional<Conversation::Message> Conversation::receive(Message message) {
    if (message.type() == Message::KEEPALIVE) {
        send(std::move(message));
        return std::nullopt;
    }
    switch (m_state) {
        case State::Created:
            if (message.type() == Message::REGISTERED)
                m_state = State::Established;
            else
                refuse(message, "created");
            return std::nullopt;
        case State::Established:
            if (message.type() == Message::READY) {
                m_state = State::Ready;
                if (m_ready) m_ready();
            } else {
                refuse(message, "established");
            }
            return std::nullopt;
        case State::Ready:
            break;
    }
    switch (message.type()) {
        case Message::INIT:
        case Message::TRANSACTION:
        case Message::RESPONSE:
        case Message::ERROR:
            return message;
        default:
            log::warning("contract", fmt::format("a message of type {} of the peer has no meaning",
                                                 static_cast<int>(message.type())));
            return std::nullopt;
    }
}

void Conversation::refuse(const Message& message, std::string_view state) {
    Message answer;
    answer.set_type(Message::ERROR);
    answer.set_txid(message.txid());
    answer.set_channel_id(message.channel_id());
    answer.set_payload(fmt::format(
        "[{}-{}] Chaincode handler FSM cannot handle message ({}) with payload size ({}) while in "
        "state: {}",
        message.channel_id(), message.txid(), static_cast<int>(message.type()),
        message.payload().size(), state));
    log::warning("contract", answer.payload());
    send(std::move(answer));
}

void Conversation::send(Message message) {
    const std::lock_guard lock(m_sending);
    if (!m_closed) m_send(std::move(message));
}

bool Conversation::close() {
    const std::lock_guard lock(m_sending);
    m_send = nullptr;
    return !std::exchange(m_closed, true);
}

}  // namespace chancery::node::contract
