#include "node/peer/GatewayService.h"

#include <fmt/format.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

#include "fabric/gateway/gateway_service.grpc.pb.h"
#include "node/peer/GatewayErrors.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {
namespace {

using protocol::SharedBytes;

SharedBytes toShared(const grpc::ByteBuffer& buffer) {
    // A message that came in one piece stays where it is.
    auto slice = std::make_shared<grpc::Slice>();
    if (buffer.TrySingleSlice(slice.get()).ok() || buffer.DumpToSingleSlice(slice.get()).ok())
        return {slice, {reinterpret_cast<const char*>(slice->begin()), slice->size()}};
    return {};
}

grpc::ByteBuffer toBuffer(BytesView bytes) {
    const grpc::Slice slice(bytes.data(), bytes.size());
    return {&slice, 1};
}

Deadline deadlineOf(const grpc::CallbackServerContext& context) {
    const auto wall = context.deadline();
    if (wall == std::chrono::system_clock::time_point::max()) return Deadline::max();
    return std::chrono::steady_clock::now() + (wall - std::chrono::system_clock::now());
}

/// How many calls there may be at once.
class Places {
public:
    explicit Places(std::size_t limit) : m_limit(limit) {}

    bool take() {
        if (m_taken.fetch_add(1) < m_limit || m_limit == 0) return true;
        m_taken.fetch_sub(1);
        return false;
    }
    void giveBack() { m_taken.fetch_sub(1); }
    std::size_t taken() const { return m_taken.load(); }
    grpc::Status refusal() const {
        return {grpc::StatusCode::RESOURCE_EXHAUSTED,
                fmt::format("too many requests for /gateway.Gateway, exceeding concurrency limit "
                            "({})",
                            m_limit)};
    }

private:
    const std::size_t m_limit;
    std::atomic<std::size_t> m_taken{0};
};

/// One unary call. Lives until gRPC and the gateway have both let go of it.
class Unary final : public grpc::ServerUnaryReactor {
public:
    Unary(grpc::ByteBuffer* response, Places& places) : m_response(response), m_places(places) {}

    static std::shared_ptr<Unary> make(grpc::ByteBuffer* response, Places& places) {
        auto call = std::make_shared<Unary>(response, places);
        call->m_self = call;
        return call;
    }
    std::stop_token stop() const { return m_stop.get_token(); }
    void reply(const Result<Bytes>& answer) {
        if (answer.ok())
            *m_response = toBuffer(*answer);
        else
            m_status = rpc::toGrpc(answer.status());
        Finish(m_status);
    }

    void OnCancel() override { m_stop.request_stop(); }
    void OnDone() override {
        m_places.giveBack();
        const auto self = std::move(m_self);
    }

private:
    grpc::ByteBuffer* m_response;
    Places& m_places;
    grpc::Status m_status;
    std::stop_source m_stop;
    std::shared_ptr<Unary> m_self;
};

/// A call that is over before it begins.
class RefusedEvents final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
public:
    explicit RefusedEvents(const grpc::Status& status) { Finish(status); }
    void OnDone() override { delete this; }
};

grpc::Status stopping() {
    return {grpc::StatusCode::UNAVAILABLE, "the peer stops"};
}

class Events;

/// The streams of events that are open.
struct OpenEvents {
    std::mutex mutex;
    std::set<std::weak_ptr<Events>, std::owner_less<>> streams;
    bool isClosed = false;

    /// False when it was closed.
    bool add(const std::shared_ptr<Events>& stream) {
        const std::lock_guard lock(mutex);
        if (!isClosed) streams.insert(stream);
        return !isClosed;
    }
    void remove(const std::weak_ptr<Events>& stream) {
        const std::lock_guard lock(mutex);
        streams.erase(stream);
    }
    void close();
};

class Events final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                     public std::enable_shared_from_this<Events> {
public:
    Events(Places& places, OpenEvents& open) : m_places(places), m_open(open) {}

    static Events* run(Gateway& gateway, const grpc::ByteBuffer& request, Places& places,
                       OpenEvents& open) {
        auto call = std::make_shared<Events>(places, open);
        call->m_self = call;
        if (!open.add(call)) {
            call->end(stopping());
            return call.get();
        }
        auto stream = gateway.chaincodeEvents(
            toShared(request), {.write =
                                    [weak = std::weak_ptr(call)](Bytes message) {
                                        if (const auto self = weak.lock()) self->write(message);
                                    },
                                .finish =
                                    [weak = std::weak_ptr(call)](const Status& status) {
                                        if (const auto self = weak.lock())
                                            self->end(rpc::toGrpc(status));
                                    }});
        if (!stream.ok()) {
            call->end(rpc::toGrpc(stream.status()));
            return call.get();
        }
        {
            const std::lock_guard lock(call->m_mutex);
            call->m_stream = *stream;
            if (call->m_isEnded) return call.get();
        }
        (*stream)->start();
        return call.get();
    }

    void OnWriteDone(bool ok) override {
        if (!ok) {
            end(grpc::Status(grpc::StatusCode::CANCELLED, "EOF"));
            return;
        }
        if (const auto stream = streamNow()) stream->onWritten();
    }
    void OnCancel() override {
        if (const auto stream = streamNow()) stream->cancel();
        end(grpc::Status(grpc::StatusCode::CANCELLED, "context canceled"));
    }
    /// The peer stops.
    void close() {
        if (const auto stream = streamNow()) stream->cancel();
        end(stopping());
    }
    void OnDone() override {
        if (const auto stream = streamNow()) stream->cancel();
        m_open.remove(weak_from_this());
        m_places.giveBack();
        const auto self = std::move(m_self);
    }

private:
    void write(BytesView message) {
        const std::lock_guard lock(m_mutex);
        if (m_isEnded) return;
        m_out = toBuffer(message);
        StartWrite(&m_out);
    }
    void end(const grpc::Status& status) {
        const std::lock_guard lock(m_mutex);
        if (m_isEnded) return;
        m_isEnded = true;
        Finish(status);
    }
    std::shared_ptr<GatewayEventStream> streamNow() {
        const std::lock_guard lock(m_mutex);
        return m_stream;
    }

    Places& m_places;
    OpenEvents& m_open;
    std::mutex m_mutex;
    bool m_isEnded = false;
    grpc::ByteBuffer m_out;
    std::shared_ptr<GatewayEventStream> m_stream;
    std::shared_ptr<Events> m_self;
};

void OpenEvents::close() {
    std::vector<std::shared_ptr<Events>> open;
    {
        const std::lock_guard lock(mutex);
        isClosed = true;
        for (const auto& weak : streams)
            if (auto stream = weak.lock()) open.push_back(std::move(stream));
    }
    for (const auto& stream : open) stream->close();
}

namespace pb = ::gateway;
using RawGateway =
    pb::Gateway::WithRawCallbackMethod_Endorse<pb::Gateway::WithRawCallbackMethod_Submit<
        pb::Gateway::WithRawCallbackMethod_CommitStatus<pb::Gateway::WithRawCallbackMethod_Evaluate<
            pb::Gateway::WithRawCallbackMethod_ChaincodeEvents<pb::Gateway::Service>>>>>;

class Service final : public RawGateway {
public:
    Service(Gateway& gateway, Places& places, OpenEvents& open)
        : m_gateway(gateway), m_places(places), m_open(open) {}

    grpc::ServerUnaryReactor* Endorse(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override {
        return run(context, response, [&](const auto& call, auto reply) {
            m_gateway.endorse(toShared(*request), deadlineOf(*context), call->stop(),
                              std::move(reply));
        });
    }
    grpc::ServerUnaryReactor* Evaluate(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
        return run(context, response, [&](const auto& call, auto reply) {
            m_gateway.evaluate(toShared(*request), deadlineOf(*context), call->stop(),
                               std::move(reply));
        });
    }
    grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override {
        return run(context, response, [&](const auto& call, auto reply) {
            m_gateway.submit(toShared(*request), call->stop(), std::move(reply));
        });
    }
    grpc::ServerUnaryReactor* CommitStatus(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override {
        return run(context, response, [&](const auto& call, auto reply) {
            m_gateway.commitStatus(toShared(*request), call->stop(), std::move(reply));
        });
    }
    grpc::ServerWriteReactor<grpc::ByteBuffer>* ChaincodeEvents(
        grpc::CallbackServerContext*, const grpc::ByteBuffer* request) override {
        if (!m_places.take()) return new RefusedEvents(m_places.refusal());
        return Events::run(m_gateway, *request, m_places, m_open);
    }

private:
    template <class Start>
    grpc::ServerUnaryReactor* run(grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
                                  Start&& start) {
        if (!m_places.take()) {
            auto* refused = context->DefaultReactor();
            refused->Finish(m_places.refusal());
            return refused;
        }
        const auto call = Unary::make(response, m_places);
        start(call, [call](const Result<Bytes>& answer) { call->reply(answer); });
        return call.get();
    }

    Gateway& m_gateway;
    Places& m_places;
    OpenEvents& m_open;
};

}  // namespace

struct GatewayService::Impl {
    Impl(Gateway& gateway, std::size_t concurrency)
        : places(concurrency), service(gateway, places, open) {}
    Places places;
    OpenEvents open;
    Service service;
};

GatewayService::GatewayService(Gateway& gateway, std::size_t concurrency)
    : m_impl(std::make_unique<Impl>(gateway, concurrency)) {}
GatewayService::~GatewayService() = default;

grpc::Service& GatewayService::service() {
    return m_impl->service;
}

void GatewayService::closeStreams() {
    m_impl->open.close();
}

std::size_t GatewayService::running() const {
    return m_impl->places.taken();
}

}  // namespace chancery::node
