#include "node/chaincode/ShimService.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <mutex>
#include <set>

#include "fabric/peer/chaincode_service.grpc.pb.h"
#include "fabric/peer/chaincode_support_service.grpc.pb.h"
#include "src/rpc/Channel.h"
#include "src/rpc/Endpoint.h"
#include "src/rpc/StatusConversion.h"
#include "src/rpc/Tls.h"

namespace chancery::node {
namespace {

using Message = ::protos::ChaincodeMessage;

/// A reactor of either direction as a pipe: one write at a time, the rest queued. It keeps itself
/// alive until gRPC is done with it.
template <class Reactor>
class StreamPipe : public Reactor, public MessagePipe {
public:
    void send(Message message) override {
        const std::lock_guard lock(m_mutex);
        if (m_ended) return;
        m_queue.push_back(std::move(message));
        if (m_queue.size() == 1) this->StartWrite(&m_queue.front());
    }

protected:
    void readNext() {
        const std::lock_guard lock(m_mutex);
        if (m_ended) return;
        m_incoming.Clear();
        this->StartRead(&m_incoming);
    }

    void written(bool ok) {
        const std::lock_guard lock(m_mutex);
        m_queue.pop_front();
        if (!ok || m_ended || m_queue.empty()) return;
        this->StartWrite(&m_queue.front());
    }

    std::mutex m_mutex;
    bool m_ended = false;  // nothing may be started any more
    std::deque<Message> m_queue;
    Message m_incoming;
    ContractStreamPtr m_stream;
};

class RegisterPipe final : public StreamPipe<grpc::ServerBidiReactor<Message, Message>> {
public:
    void begin(ContractStreamPtr stream, std::shared_ptr<RegisterPipe> self,
               std::function<void(RegisterPipe*)> gone) {
        m_stream = std::move(stream);
        m_gone = std::move(gone);
        m_self = std::move(self);
        readNext();
    }
    void close(const Status& why) override {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_ended, true)) return;
        Finish(rpc::toGrpc(why));
    }

    void OnReadDone(bool ok) override {
        if (!ok) return close(absl::OkStatus());
        m_stream->receive(std::move(m_incoming));
        readNext();
    }
    void OnWriteDone(bool ok) override { written(ok); }
    void OnCancel() override {
        close(makeError(StatusCode::kCancelled, "CANCELLED", "the contract went away"));
    }
    void OnDone() override {
        const auto self = std::move(m_self);
        m_stream->closed(
            makeError(StatusCode::kUnavailable, "STREAM_ENDED", "the contract's stream ended"));
        m_stream.reset();
        m_gone(this);
    }

private:
    std::function<void(RegisterPipe*)> m_gone;
    std::shared_ptr<RegisterPipe> m_self;
};

class DialledPipe final : public StreamPipe<grpc::ClientBidiReactor<Message, Message>> {
public:
    explicit DialledPipe(std::shared_ptr<grpc::Channel> channel)
        : m_channel(std::move(channel)), m_stub(::protos::Chaincode::NewStub(m_channel)) {
        m_context.set_wait_for_ready(true);  // a contract may start after its peer
    }

    void begin(ContractStreamPtr stream, std::shared_ptr<DialledPipe> self) {
        m_stream = std::move(stream);
        m_self = std::move(self);
        m_stub->async()->Connect(&m_context, this);
        // Writes come from anywhere: the call must not be over while one may begin.
        AddHold();
        StartRead(&m_incoming);
        StartCall();
    }
    void close(const Status& why) override { end(why, true); }

    void OnReadDone(bool ok) override {
        if (!ok) return end(absl::OkStatus(), false);
        m_stream->receive(std::move(m_incoming));
        readNext();
    }
    void OnWriteDone(bool ok) override { written(ok); }
    void OnDone(const grpc::Status& status) override {
        const auto self = std::move(m_self);
        Status why = m_why.ok() ? rpc::fromGrpc(status) : m_why;
        if (why.ok())
            why =
                makeError(StatusCode::kUnavailable, "STREAM_ENDED", "the contract's stream ended");
        m_stream->closed(why);
        m_stream.reset();
    }

private:
    /// Without `cancel` the status comes from the other side.
    void end(const Status& why, bool cancel) {
        {
            const std::lock_guard lock(m_mutex);
            if (std::exchange(m_ended, true)) return;
            m_why = why;
        }
        if (cancel) m_context.TryCancel();
        this->RemoveHold();
    }

    std::shared_ptr<grpc::Channel> m_channel;
    std::unique_ptr<::protos::Chaincode::Stub> m_stub;
    grpc::ClientContext m_context;
    Status m_why;
    std::shared_ptr<DialledPipe> m_self;
};

/// A caller that is refused before there is a stream.
class RefusedPipe final : public grpc::ServerBidiReactor<Message, Message> {
public:
    explicit RefusedPipe(const Status& why) { Finish(rpc::toGrpc(why)); }
    void OnDone() override { delete this; }
};

bool isLoopback(const rpc::Endpoint& endpoint) {
    return endpoint.host == "localhost" || endpoint.host == "::1" ||
           endpoint.host.starts_with("127.");
}

Result<std::shared_ptr<grpc::Channel>> channelTo(const ConnectionFile& file, bool allowPlaintext) {
    ASSIGN_OR_RETURN(const rpc::Endpoint endpoint, rpc::parseEndpoint(file.address));
    if (!file.tlsRequired && !endpoint.isUnix()) {
        // Contracts of Fabric's samples listen without TLS; within one machine that tells nobody.
        if (!allowPlaintext && !isLoopback(endpoint))
            return makeError(StatusCode::kFailedPrecondition, "PLAINTEXT_REFUSED",
                             fmt::format("{} is on another machine and without TLS", file.address));
        grpc::ChannelArguments arguments;
        arguments.SetMaxReceiveMessageSize(static_cast<int>(rpc::kMaxMessageBytes));
        arguments.SetMaxSendMessageSize(static_cast<int>(rpc::kMaxMessageBytes));
        arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
        return grpc::CreateCustomChannel(endpoint.toString(), grpc::InsecureChannelCredentials(),
                                         arguments);
    }
    if (endpoint.isUnix()) return rpc::makeChannel(endpoint, std::nullopt);
    rpc::ClientTls tls;
    tls.rootsPem = file.rootCertificate;
    if (file.clientAuthRequired)
        tls.identity = rpc::TlsIdentity{file.clientCertificate, file.clientKey};
    return rpc::makeChannel(endpoint, tls);
}

}  // namespace

class ShimService::Impl final : public ::protos::ChaincodeSupport::CallbackService {
public:
    explicit Impl(Accept accept) : m_accept(std::move(accept)) {}

    grpc::ServerBidiReactor<Message, Message>* Register(
        grpc::CallbackServerContext* context) override {
        const auto certificate = rpc::peerCertificate(*context);
        auto pipe = std::make_shared<RegisterPipe>();
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopped)
                return new RefusedPipe(
                    makeError(StatusCode::kUnavailable, "STOPPING", "the peer stops"));
            m_pipes.insert(pipe.get());
        }
        RegisterPipe* const reactor = pipe.get();
        auto stream = m_accept(pipe, certificate ? certificate->bindingHash : Bytes());
        reactor->begin(std::move(stream), std::move(pipe), [this](RegisterPipe* gone) {
            const std::lock_guard lock(m_mutex);
            m_pipes.erase(gone);
        });
        return reactor;
    }

    void stop() {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        for (RegisterPipe* pipe : m_pipes)
            pipe->close(makeError(StatusCode::kUnavailable, "STOPPING", "the peer stops"));
    }

private:
    Accept m_accept;
    std::mutex m_mutex;
    bool m_stopped = false;
    std::set<RegisterPipe*> m_pipes;
};

ShimService::ShimService(Accept accept) : m_impl(std::make_unique<Impl>(std::move(accept))) {}
ShimService::~ShimService() = default;

grpc::Service& ShimService::service() {
    return *m_impl;
}

void ShimService::stop() {
    m_impl->stop();
}

Result<ContractStreamPtr> dialContract(
    const ConnectionFile& file, bool allowPlaintext,
    const std::function<ContractStreamPtr(std::shared_ptr<MessagePipe>)>& makeStream) {
    ASSIGN_OR_RETURN(auto channel, channelTo(file, allowPlaintext));
    auto pipe = std::make_shared<DialledPipe>(std::move(channel));
    auto stream = makeStream(pipe);
    pipe->begin(stream, pipe);
    return stream;
}

}  // namespace chancery::node
