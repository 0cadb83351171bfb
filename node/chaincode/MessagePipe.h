#pragma once

#include "src/base/Status.h"

namespace protos {
class ChaincodeMessage;
}

namespace chancery::node {

/// The peer's end of a stream to a contract. Thread-safe.
class MessagePipe {
public:
    virtual ~MessagePipe() = default;
    /// Queues the message; dropped when the stream has ended.
    virtual void send(::protos::ChaincodeMessage message) = 0;
    /// Ends the stream; whoever owns the pipe tells the other side why.
    virtual void close(const Status& why) = 0;
};

}  // namespace chancery::node
