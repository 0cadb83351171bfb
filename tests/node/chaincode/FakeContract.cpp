#include "tests/node/chaincode/FakeContract.h"

#include <cstdlib>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal_response.pb.h"

namespace chancery::test {

ShimMessage FakeStub::ask(ShimMessage::Type type, Bytes payload) {
    ShimMessage message;
    message.set_type(type);
    message.set_payload(std::move(payload));
    message.set_txid(txId);
    message.set_channel_id(channel);
    return m_ask(std::move(message));
}

Bytes FakeStub::get(const std::string& key) {
    ::protos::GetState request;
    request.set_key(key);
    return ask(ShimMessage::GET_STATE, request.SerializeAsString()).payload();
}

void FakeStub::put(const std::string& key, const Bytes& value) {
    ::protos::PutState request;
    request.set_key(key);
    request.set_value(value);
    ask(ShimMessage::PUT_STATE, request.SerializeAsString());
}

ShimMessage completed(const FakeStub& stub, int status, const std::string& message,
                      const Bytes& payload) {
    ::protos::Response response;
    response.set_status(status);
    response.set_message(message);
    response.set_payload(payload);
    ShimMessage out;
    out.set_type(ShimMessage::COMPLETED);
    out.set_payload(response.SerializeAsString());
    out.set_txid(stub.txId);
    out.set_channel_id(stub.channel);
    return out;
}

ShimMessage runTestContract(FakeStub& stub) {
    const std::string function = stub.args.empty() ? "" : stub.args[0];
    const auto arg = [&](std::size_t i) { return i < stub.args.size() ? stub.args[i] : Bytes(); };
    if (function == "put") {
        stub.put(arg(1), arg(2));
        return completed(stub, 200);
    }
    if (function == "get") return completed(stub, 200, "", stub.get(arg(1)));
    if (function == "fail") return completed(stub, 500, arg(1));
    if (function == "error") {
        ShimMessage out;
        out.set_type(ShimMessage::ERROR);
        out.set_payload(arg(1));
        out.set_txid(stub.txId);
        out.set_channel_id(stub.channel);
        return out;
    }
    if (function == "silent") return {};
    if (function == "die") std::_Exit(3);
    if (function == "eat") {
        // Touched, so that it is really there.
        static std::vector<std::string> eaten;
        for (;;) eaten.emplace_back(1 << 20, 'x');
    }
    if (function == "event") {
        auto out = completed(stub, 200);
        out.mutable_chaincode_event()->set_event_name(arg(1));
        out.mutable_chaincode_event()->set_chaincode_id("claims to be another");
        return out;
    }
    if (function == "call") {
        ::protos::ChaincodeSpec spec;
        spec.mutable_chaincode_id()->set_name(arg(1));
        for (std::size_t i = 2; i < stub.args.size(); ++i)
            spec.mutable_input()->add_args(stub.args[i]);
        const auto answer = stub.ask(ShimMessage::INVOKE_CHAINCODE, spec.SerializeAsString());
        if (answer.type() == ShimMessage::ERROR) return completed(stub, 500, answer.payload());
        ShimMessage callee;
        callee.ParseFromString(answer.payload());
        ::protos::Response response;
        response.ParseFromString(callee.payload());
        return completed(stub, response.status(), response.message(), response.payload());
    }
    return completed(stub, 500, "unknown function " + function);
}

void ShimRunner::begin(const std::string& packageId) {
    ShimMessage message;
    message.set_type(ShimMessage::REGISTER);
    ::protos::ChaincodeID id;
    id.set_name(packageId);
    message.set_payload(id.SerializeAsString());
    m_send(message);
}

void ShimRunner::receive(const ShimMessage& message) {
    switch (message.type()) {
        case ShimMessage::KEEPALIVE:
            m_send(message);
            return;
        case ShimMessage::INIT:
        case ShimMessage::TRANSACTION:
            return start(message);
        case ShimMessage::RESPONSE:
        case ShimMessage::ERROR: {
            const std::lock_guard lock(m_mutex);
            m_answers[message.channel_id() + "/" + message.txid()] = message;
            m_changed.notify_all();
            return;
        }
        default:
            return;
    }
}

void ShimRunner::start(const ShimMessage& message) {
    ::protos::ChaincodeInput input;
    input.ParseFromString(message.payload());
    std::vector<Bytes> args(input.args().begin(), input.args().end());
    // Blocks the thread that reads, as a loop in an event-driven engine does.
    if (!args.empty() && args[0] == "loop") {
        volatile bool isLooping = true;
        while (isLooping) {
        }
    }
    m_threads.emplace_back([this, message, args = std::move(args)] {
        const std::string key = message.channel_id() + "/" + message.txid();
        FakeStub stub(message.channel_id(), message.txid(), args,
                      message.type() == ShimMessage::INIT, [this, key](ShimMessage request) {
                          m_send(request);
                          std::unique_lock lock(m_mutex);
                          m_changed.wait(lock, [&] { return m_ended || m_answers.contains(key); });
                          if (m_ended) return ShimMessage();
                          auto answer = m_answers.extract(key);
                          return std::move(answer.mapped());
                      });
        const auto end = runTestContract(stub);
        if (end.type() != ShimMessage::UNDEFINED) m_send(end);
    });
}

ShimRunner::~ShimRunner() {
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
        m_changed.notify_all();
    }
    for (std::thread& thread : m_threads) thread.join();
}

}  // namespace chancery::test
