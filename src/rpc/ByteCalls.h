#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace grpc {
class Channel;
}

namespace chancery::rpc {

/// A unary call whose messages are given and taken as they stand on the wire, for programs that
/// pass messages on without reading them. Nothing blocks. Any thread.
class UnaryByteCall {
public:
    /// `method` is the full path ("/protos.Endorser/ProcessProposal"). `done` is called once, on a
    /// thread of gRPC, with the answer or with the error as it came (see fromGrpc).
    static std::shared_ptr<UnaryByteCall> start(const std::shared_ptr<grpc::Channel>& channel,
                                                const std::string& method, BytesView request,
                                                Deadline deadline,
                                                std::function<void(Result<Bytes>)> done);
    virtual ~UnaryByteCall() = default;
    /// The call ends soon, with CANCELLED unless it has an answer already.
    virtual void cancel() = 0;
};

/// What happens on a stream; each is called on threads of gRPC, one at a time.
struct ByteStreamEvents {
    std::function<void(Bytes)> message;
    /// Once, after the last message. OK: the other side ended it in good order.
    std::function<void(Status)> ended;
};

/// A stream in both directions of encoded messages, without a thread of its own. Any thread.
class ByteStream {
public:
    static std::shared_ptr<ByteStream> open(const std::shared_ptr<grpc::Channel>& channel,
                                            const std::string& method, ByteStreamEvents events);
    virtual ~ByteStream() = default;
    /// Sent in the order of the calls; queued while an earlier one is on its way. Dropped when the
    /// stream has ended.
    virtual void write(BytesView message) = 0;
    virtual void cancel() = 0;
};

}  // namespace chancery::rpc
