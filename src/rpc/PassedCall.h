#pragma once

// For the sources of this folder.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "src/rpc/ByteService.h"

namespace chancery::rpc {

/// What a passed call needs of the call that came in. Each is asked for one message at a time, so
/// that neither side is ahead of the other.
struct Incoming {
    std::function<void(grpc::ByteBuffer*)> read;
    std::function<void(const grpc::ByteBuffer*)> write;
    std::function<void(const grpc::Status&)> finish;
};

/// Our side of a call that is passed on. Lives until gRPC has let go of it.
class PassedCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    /// `made` gets the call before anything happens in it.
    static void start(const Passage& passage, const std::string& method, Deadline deadline,
                      Incoming incoming,
                      const std::function<void(const std::shared_ptr<PassedCall>&)>& made);

    /// What `incoming` was asked for is there.
    void readDone(bool ok);
    void writeDone(bool ok);
    void cancel() { m_context.TryCancel(); }

    void OnReadDone(bool ok) override;
    void OnWriteDone(bool ok) override;
    void OnDone(const grpc::Status& status) override;

private:
    PassedCall(const Passage& passage, Incoming incoming)
        : m_channel(passage.channel), m_stub(passage.channel), m_incoming(std::move(incoming)) {}

    const std::shared_ptr<grpc::Channel> m_channel;
    grpc::GenericStub m_stub;
    grpc::ClientContext m_context;
    Incoming m_incoming;
    std::shared_ptr<PassedCall> m_self;
    grpc::ByteBuffer m_request, m_answer;
    std::mutex m_mutex;
    bool m_ended = false;  // nothing may be sent any more
};

}  // namespace chancery::rpc
