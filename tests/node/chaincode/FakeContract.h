#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fabric/peer/chaincode_shim.pb.h"
#include "src/base/Bytes.h"

namespace chancery::test {

using ShimMessage = ::protos::ChaincodeMessage;

/// What a contract of tests sees of a transaction: asks the peer and waits for each answer.
class FakeStub {
public:
    using Ask = std::function<ShimMessage(ShimMessage)>;
    FakeStub(std::string channel, std::string txId, std::vector<Bytes> args, bool isInit, Ask ask)
        : channel(std::move(channel)),
          txId(std::move(txId)),
          args(std::move(args)),
          isInit(isInit),
          m_ask(std::move(ask)) {}

    const std::string channel, txId;
    const std::vector<Bytes> args;
    const bool isInit;

    /// The answer as it came: RESPONSE or ERROR.
    ShimMessage ask(ShimMessage::Type type, Bytes payload);
    Bytes get(const std::string& key);
    void put(const std::string& key, const Bytes& value);

private:
    Ask m_ask;
};

/// The answer of a contract: bytes of a Response, or a whole message.
ShimMessage completed(const FakeStub& stub, int status, const std::string& message = {},
                      const Bytes& payload = {});

/// What the test contract does, by the first argument:
///   put KEY VALUE · get KEY · fail TEXT · error TEXT · silent · die · loop · eat
///   call CONTRACT ARGS… · event NAME · slow KEY (reads it, waits for "go") …
ShimMessage runTestContract(FakeStub& stub);

}  // namespace chancery::test
