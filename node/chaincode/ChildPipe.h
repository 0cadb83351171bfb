#pragma once

#include <memory>
#include <mutex>

#include "node/chaincode/ContractStream.h"
#include "node/chaincode/MessagePipe.h"
#include "src/base/Descriptor.h"

namespace chancery::process {
class FrameSocket;
}

namespace chancery::node {

/// To a contract that the peer has started itself and that talks by the socket it was given: each
/// message is a frame. No certificate: nobody else holds the other end. Thread-safe.
class ChildPipe final : public MessagePipe, public std::enable_shared_from_this<ChildPipe> {
public:
    explicit ChildPipe(Descriptor socket);
    ~ChildPipe() override;

    /// Once, before anything else. Messages go to the stream on a thread of the pipe's own; its
    /// `closed` is the last call. Stream and pipe hold each other until then.
    void begin(ContractStreamPtr stream);

    void send(::protos::ChaincodeMessage message) override;
    /// The process learns only that it is over.
    void close(const Status& why) override;
    /// Closes, and waits until the stream is called no more. Not from a call of the stream's.
    void end();

private:
    const std::unique_ptr<process::FrameSocket> m_socket;
    std::mutex m_mutex;
    Status m_why;  // of this side's close
};

}  // namespace chancery::node
