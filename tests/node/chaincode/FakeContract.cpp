#include "tests/node/chaincode/FakeContract.h"

#include <cstdlib>

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
    if (function == "loop")
        for (volatile bool forever = true; forever;) {
        }
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

}  // namespace chancery::test
