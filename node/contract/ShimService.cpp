#include "node/contract/ShimService.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server_builder.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "fabric/peer/chaincode_service.grpc.pb.h"
#include "fabric/peer/chaincode_support_service.grpc.pb.h"
#include "src/base/Log.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/rpc/Server.h"

namespace chancery::node::contract {
namespace {

using Message = protos::ChaincodeMessage;
using namespace std::chrono_literals;

constexpr int kMaxMessage = static_cast<int>(rpc::kMaxMessageBytes);

/// Messages that wait for their turn: a stream takes one write at a time. It may outlive its
/// stream.
class Outbox {
public:
    /// `write` begins a write; called under the lock.
    explicit Outbox(std::function<void(const Message*)> write) : m_write(std::move(write)) {}

    void add(Message message) {
        const std::lock_guard lock(m_mutex);
        if (!m_write) return;
        m_messages.push_back(std::move(message));
        if (m_messages.size() == 1) m_write(&m_messages.front());
    }
    void written() {
        const std::lock_guard lock(m_mutex);
        m_messages.pop_front();
        if (m_write && !m_messages.empty()) m_write(&m_messages.front());
    }
    /// No write begins from now on.
    void close() {
        const std::lock_guard lock(m_mutex);
        m_write = nullptr;
    }

private:
    std::mutex m_mutex;
    std::function<void(const Message*)> m_write;
    std::deque<Message> m_messages;  // the first one is being written
};

/// One peer at our door. Deletes itself.
class ServedPeer final : public grpc::ServerBidiReactor<Message, Message> {
public:
    explicit ServedPeer(ContractHost& host)
        : m_outbox(std::make_shared<Outbox>([this](const Message* m) { StartWrite(m); })) {
        m_session = host.open([out = m_outbox](Message message) { out->add(std::move(message)); });
        StartRead(&m_incoming);
    }

    void OnReadDone(bool ok) override {
        if (!ok) {
            finish();
            return;
        }
        m_session->receive(std::move(m_incoming));
        m_incoming.Clear();
        StartRead(&m_incoming);
    }
    void OnWriteDone(bool ok) override {
        if (ok) m_outbox->written();
    }
    void OnCancel() override { finish(); }
    void OnDone() override { delete this; }

private:
    void finish() {
        if (m_finished.exchange(true)) return;
        m_session->close();
        m_outbox->close();
        Finish(grpc::Status::OK);
    }

    Message m_incoming;
    std::shared_ptr<Outbox> m_outbox;
    std::shared_ptr<ContractHost::Session> m_session;
    std::atomic<bool> m_finished = false;
};

class ChaincodeDoor final : public protos::Chaincode::CallbackService {
public:
    explicit ChaincodeDoor(ContractHost& host) : m_host(host) {}
    grpc::ServerBidiReactor<Message, Message>* Connect(
        grpc::CallbackServerContext* /*context*/) override {
        return new ServedPeer(m_host);
    }

private:
    ContractHost& m_host;
};

}  // namespace

struct ContractServer::Impl {
    explicit Impl(ContractHost& host) : door(host) {}
    ChaincodeDoor door;
    std::string address;
    std::unique_ptr<rpc::Server> server;
    std::unique_ptr<grpc::Server> open;  ///< without TLS
};

ContractServer::ContractServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

ContractServer::~ContractServer() {
    if (m_impl->server) m_impl->server->stop(deadlineIn(0s));
    if (m_impl->open) m_impl->open->Shutdown(std::chrono::system_clock::now());
}

const std::string& ContractServer::address() const {
    return m_impl->address;
}

Result<std::unique_ptr<ContractServer>> ContractServer::start(
    ContractHost& host, const std::string& address, const std::optional<rpc::ServerTls>& tls) {
    auto impl = std::make_unique<Impl>(host);
    ASSIGN_OR_RETURN(rpc::Endpoint endpoint, rpc::parseEndpoint(address));
    if (tls) {
        rpc::ServerOptions options;
        options.listeners.push_back({endpoint, tls});
        ASSIGN_OR_RETURN(impl->server, rpc::Server::start(std::move(options), {&impl->door}));
        impl->address = impl->server->endpoints().front().toString();
        return std::unique_ptr<ContractServer>(new ContractServer(std::move(impl)));
    }
    // Fabric's own way inside of one machine or container network, where the user chose it by
    // giving no key.
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(endpoint.toString(), grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(kMaxMessage);
    builder.SetMaxSendMessageSize(kMaxMessage);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 50'000);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterService(&impl->door);
    impl->open = builder.BuildAndStart();
    if (impl->open == nullptr || port == 0)
        return makeError(StatusCode::kUnavailable, "CANNOT_LISTEN",
                         endpoint.toString() + " cannot be listened at");
    endpoint.port = static_cast<std::uint16_t>(port);
    impl->address = endpoint.toString();
    return std::unique_ptr<ContractServer>(new ContractServer(std::move(impl)));
}

namespace {

class Dialled final : public grpc::ClientBidiReactor<Message, Message> {
public:
    Dialled(ContractHost& host, const std::shared_ptr<grpc::Channel>& channel,
            PeerConnection::Events events)
        : m_call(Deadline::max()),
          m_stub(protos::ChaincodeSupport::NewStub(channel)),
          m_events(std::move(events)),
          m_outbox(std::make_shared<Outbox>([this](const Message* m) { StartWrite(m); })) {
        m_stub->async()->Register(&m_call.grpc(), this);
        AddHold();  // writes come from the contract's thread
        m_session = host.open([out = m_outbox](Message message) { out->add(std::move(message)); },
                              m_events.ready);
        StartRead(&m_incoming);
        StartCall();
    }

    void OnReadDone(bool ok) override {
        if (!ok) {
            finish();
            return;
        }
        m_session->receive(std::move(m_incoming));
        m_incoming.Clear();
        StartRead(&m_incoming);
    }
    void OnWriteDone(bool ok) override {
        if (ok) m_outbox->written();
    }
    void OnDone(const grpc::Status& status) override {
        const Status ended = status.ok() ? makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                                                     "the peer ended the stream")
                                         : m_call.status(status);
        const auto tell = m_events.ended;
        bool quiet = false;
        {
            const std::lock_guard lock(m_mutex);
            quiet = m_cancelled;
        }
        if (tell && !quiet) tell(ended);
        const std::lock_guard lock(m_mutex);
        m_done = true;
        m_changed.notify_all();
    }

    /// Returns when nothing is called any more.
    void end() {
        {
            const std::lock_guard lock(m_mutex);
            m_cancelled = true;
        }
        m_call.grpc().TryCancel();
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_done; });
    }

private:
    void finish() {
        m_session->close();
        m_outbox->close();
        RemoveHold();
    }

    rpc::CallContext m_call;
    std::unique_ptr<protos::ChaincodeSupport::Stub> m_stub;
    PeerConnection::Events m_events;
    Message m_incoming;
    std::shared_ptr<Outbox> m_outbox;
    std::shared_ptr<ContractHost::Session> m_session;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_cancelled = false;
    bool m_done = false;
};

Result<std::shared_ptr<grpc::Channel>> channelTo(const std::string& address,
                                                 const std::optional<rpc::ClientTls>& tls) {
    ASSIGN_OR_RETURN(const rpc::Endpoint endpoint, rpc::parseEndpoint(address));
    if (tls || endpoint.isUnix()) return rpc::makeChannel(endpoint, tls);
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessage);
    arguments.SetMaxSendMessageSize(kMaxMessage);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 110'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return grpc::CreateCustomChannel(endpoint.toString(), grpc::InsecureChannelCredentials(),
                                     arguments);
}

}  // namespace

struct PeerConnection::Impl {
    std::unique_ptr<Dialled> stream;
};

PeerConnection::PeerConnection(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

PeerConnection::~PeerConnection() {
    m_impl->stream->end();
}

Result<std::unique_ptr<PeerConnection>> PeerConnection::start(
    ContractHost& host, const std::string& address, const std::optional<rpc::ClientTls>& tls,
    Events events) {
    ASSIGN_OR_RETURN(const auto channel, channelTo(address, tls));
    auto impl = std::make_unique<Impl>();
    impl->stream = std::make_unique<Dialled>(host, channel, std::move(events));
    return std::unique_ptr<PeerConnection>(new PeerConnection(std::move(impl)));
}

}  // namespace chancery::node::contract
