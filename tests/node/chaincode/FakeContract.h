#pragma once

#include <condition_variable>
#include <functional>
#include <map>
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
///   put KEY VALUE · get KEY · fail TEXT · error TEXT · silent · die · eat · event NAME
///   call CONTRACT ARGS… · loop (see ShimRunner)
ShimMessage runTestContract(FakeStub& stub);

/// The contract's end of a stream: each transaction on a thread of its own.
class ShimRunner {
public:
    /// `send` is thread-safe.
    explicit ShimRunner(std::function<void(const ShimMessage&)> send) : m_send(std::move(send)) {}
    ~ShimRunner();

    void begin(const std::string& packageId);
    void receive(const ShimMessage& message);

private:
    void start(const ShimMessage& message);

    std::function<void(const ShimMessage&)> m_send;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, ShimMessage> m_answers;
    bool m_ended = false;
    std::vector<std::thread> m_threads;
};

}  // namespace chancery::test
