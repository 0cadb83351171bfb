#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

namespace chancery::node::contract {

/// The states of the stream with one peer: REGISTER, REGISTERED, READY, then transactions (fact
/// sheet B §5.2). Thread-safe.
class Conversation {
public:
    using Message = protos::ChaincodeMessage;

    Conversation(std::function<void(Message)> send, std::function<void()> ready);

    void registerAs(std::string_view packageId);
    /// What is to be worked on: INIT, TRANSACTION, RESPONSE and ERROR. The rest is answered here.
    std::optional<Message> receive(Message message);
    /// Nothing after the end.
    void send(Message message);
    /// False when it is closed already.
    bool close();

private:
    enum class State { Created, Established, Ready };
    void refuse(const Message& message, std::string_view state);

    std::mutex m_sending;  // one message at a time
    std::function<void(Message)> m_send;
    bool m_closed = false;

    std::function<void()> m_ready;
    State m_state = State::Created;  // only where messages arrive
};

}  // namespace chancery::node::contract
