#include "src/rpc/ByteCalls.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/client_callback.h>

#include <deque>
#include <mutex>

#include "src/rpc/ByteBuffers.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::rpc {
namespace {

class Unary final : public UnaryByteCall {
public:
    Unary(const std::shared_ptr<grpc::Channel>& channel, BytesView request, Deadline deadline)
        : m_stub(channel), m_request(toBuffer(request)) {
        m_context.set_deadline(toWallTime(deadline));
    }
    static void run(const std::shared_ptr<Unary>& call, const std::string& method,
                    std::function<void(Result<Bytes>)> done) {
        call->m_stub.UnaryCall(&call->m_context, method, {}, &call->m_request, &call->m_response,
                               [call, done = std::move(done)](const grpc::Status& status) {
                                   if (status.ok())
                                       done(toBytes(call->m_response));
                                   else
                                       done(fromGrpc(status));
                               });
    }
    void cancel() override { m_context.TryCancel(); }

private:
    grpc::GenericStub m_stub;
    grpc::ClientContext m_context;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_response;
};

/// Lives until gRPC has let go of it. A hold keeps it from ending while other threads may still
/// begin to write; the end of reading takes it away.
class Stream final : public ByteStream,
                     public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    Stream(const std::shared_ptr<grpc::Channel>& channel, ByteStreamEvents events)
        : m_stub(channel), m_events(std::move(events)) {}

    static void run(const std::shared_ptr<Stream>& stream, const std::string& method) {
        stream->m_self = stream;
        stream->m_stub.PrepareBidiStreamingCall(&stream->m_context, method, {}, stream.get());
        stream->AddHold();
        stream->StartRead(&stream->m_in);
        stream->StartCall();
    }

    void write(BytesView message) override {
        const std::lock_guard lock(m_mutex);
        if (m_ended) return;
        m_queue.push_back(toBuffer(message));
        if (!m_writing) writeNext();
    }
    void cancel() override { m_context.TryCancel(); }

    void OnReadDone(bool ok) override {
        if (ok) {
            auto bytes = toBytes(m_in);
            if (bytes.ok())
                m_events.message(*std::move(bytes));
            else
                cancel();
            StartRead(&m_in);
            return;
        }
        {
            const std::lock_guard lock(m_mutex);
            m_ended = true;
        }
        RemoveHold();
    }
    void OnWriteDone(bool ok) override {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        m_queue.pop_front();
        if (ok && !m_ended && !m_queue.empty()) writeNext();
    }
    void OnDone(const grpc::Status& status) override {
        const std::shared_ptr<Stream> self = std::move(m_self);
        m_events.ended(fromGrpc(status));
        m_events = {};
    }

private:
    void writeNext() {
        m_writing = true;
        grpc::WriteOptions options;
        // More to come: let the transport put them into one segment.
        if (m_queue.size() > 1) options.set_buffer_hint();
        StartWrite(&m_queue.front(), options);
    }

    grpc::GenericStub m_stub;
    grpc::ClientContext m_context;
    ByteStreamEvents m_events;
    std::shared_ptr<Stream> m_self;
    grpc::ByteBuffer m_in;
    std::mutex m_mutex;
    std::deque<grpc::ByteBuffer> m_queue;  // the first one is on its way while m_writing
    bool m_writing = false;
    bool m_ended = false;
};

}  // namespace

std::shared_ptr<UnaryByteCall> UnaryByteCall::start(const std::shared_ptr<grpc::Channel>& channel,
                                                    const std::string& method, BytesView request,
                                                    Deadline deadline,
                                                    std::function<void(Result<Bytes>)> done) {
    auto call = std::make_shared<Unary>(channel, request, deadline);
    Unary::run(call, method, std::move(done));
    return call;
}

std::shared_ptr<ByteStream> ByteStream::open(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& method, ByteStreamEvents events) {
    auto stream = std::make_shared<Stream>(channel, std::move(events));
    Stream::run(stream, method);
    return stream;
}

}  // namespace chancery::rpc
