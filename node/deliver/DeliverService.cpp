#include "node/deliver/DeliverService.h"

#include <grpcpp/server_context.h>

#include <mutex>

#include "fabric/peer/deliver_service.grpc.pb.h"
#include "node/deliver/DeliverMetrics.h"
#include "src/base/Log.h"
#include "src/rpc/Tls.h"

namespace chancery::node {
namespace {

constexpr const char* kRoom = "deliver";

/// A call that is refused at once.
class Refusal final : public DeliverStreams::Reactor {
public:
    Refusal(grpc::StatusCode code, const char* sentence) { Finish({code, sentence}); }
    void OnDone() override { delete this; }
};

}  // namespace

grpc::ByteBuffer toByteBuffer(const protocol::SharedBytes& bytes) {
    auto* owner = new std::shared_ptr<const void>(bytes.owner());
    const grpc::Slice slice(
        const_cast<char*>(bytes.view().data()), bytes.size(),
        [](void* kept) { delete static_cast<std::shared_ptr<const void>*>(kept); }, owner);
    return {&slice, 1};
}

protocol::SharedBytes toSharedBytes(const grpc::ByteBuffer& buffer) {
    auto slice = std::make_shared<grpc::Slice>();
    if (!buffer.TrySingleSlice(slice.get()).ok() && !buffer.DumpToSingleSlice(slice.get()).ok())
        return {};
    const BytesView view(reinterpret_cast<const char*>(slice->begin()), slice->size());
    return {std::move(slice), view};
}

struct DeliverStreams::State {
    std::shared_ptr<const DeliverRules> rules;
    std::weak_ptr<TaskPool> pool;  ///< a pool must not end on one of its own threads
    std::size_t maxStreams = kMaxStreams;
    std::atomic<bool> closed = false;
    std::mutex mutex;
    std::set<std::weak_ptr<Stream>, std::owner_less<>> streams;
};

/// Keeps itself alive until gRPC is done with it.
class DeliverStreams::Stream final : public Reactor, public std::enable_shared_from_this<Stream> {
public:
    static std::shared_ptr<Stream> open(const std::shared_ptr<State>& state, DeliverKind kind,
                                        Bytes tlsCertificateHash) {
        auto stream = std::make_shared<Stream>(state);
        stream->m_self = stream;
        stream->m_session.emplace(state->rules, std::move(kind), std::move(tlsCertificateHash),
                                  [weak = stream->weak_from_this(), weakPool = state->pool] {
                                      const auto pool = weakPool.lock();
                                      if (pool == nullptr) return;
                                      pool->post([weak] {
                                          if (const auto self = weak.lock()) self->pump();
                                      });
                                  });
        if (state->rules->metrics) state->rules->metrics->opened();
        const std::lock_guard lock(state->mutex);
        state->streams.insert(stream);
        return stream;
    }

    explicit Stream(std::shared_ptr<State> state) : m_state(std::move(state)) {}

    /// Does what can be done now. Any thread, any number at once: one works, the others leave it
    /// to go round again.
    void pump() {
        if (m_calls.fetch_add(1) != 0) return;
        for (int seen = 1; seen > 0;) {
            step();
            seen = m_calls.fetch_sub(seen) - seen;
        }
    }

private:
    void OnReadDone(bool ok) override {
        m_request = ok ? Request::Here : Request::NoMore;
        pump();
    }
    void OnWriteDone(bool ok) override {
        if (!ok) m_broken = true;
        m_writing = false;
        pump();
    }
    void OnCancel() override {
        m_broken = true;
        pump();
    }
    void OnDone() override {
        if (m_state->rules->metrics) m_state->rules->metrics->closed();
        {
            const std::lock_guard lock(m_state->mutex);
            m_state->streams.erase(weak_from_this());
        }
        const auto self = std::move(m_self);
    }

    void step() {
        if (m_finished || m_writing) return;
        if (m_broken) return end(grpc::Status::CANCELLED);
        if (m_request == Request::Here) {
            m_request = Request::None;
            m_session->seek(toSharedBytes(m_in));
        }
        if (m_state->closed && m_session->state() != DeliverSession::State::Ended)
            return send(protocol::SharedBytes(encodeDeliverStatus(::common::SERVICE_UNAVAILABLE)),
                        true);
        if (auto message = m_session->next()) {
            const bool last = m_session->state() == DeliverSession::State::Ended;
            if (last)
                log::debug(kRoom,
                           fmt::format("a stream ends: {}", messageOf(m_session->refusal())));
            return send(*message, last);
        }
        if (m_session->state() != DeliverSession::State::Idle) return;
        if (m_request == Request::NoMore) return end(grpc::Status::OK);
        if (m_request == Request::Awaited) return;
        m_request = Request::Awaited;
        StartRead(&m_in);
    }

    void send(const protocol::SharedBytes& message, bool last) {
        m_out = toByteBuffer(message);
        m_finished = last;
        m_writing = true;
        if (last)
            StartWriteAndFinish(&m_out, grpc::WriteOptions(), grpc::Status::OK);
        else
            StartWrite(&m_out);
    }
    void end(const grpc::Status& status) {
        m_finished = true;
        Finish(status);
    }

    enum class Request { None, Awaited, Here, NoMore };

    std::shared_ptr<State> m_state;
    std::shared_ptr<Stream> m_self;
    std::optional<DeliverSession> m_session;
    std::atomic<int> m_calls = 0;
    std::atomic<Request> m_request = Request::None;
    std::atomic<bool> m_writing = false;
    std::atomic<bool> m_broken = false;
    bool m_finished = false;
    grpc::ByteBuffer m_in;
    grpc::ByteBuffer m_out;
};

DeliverStreams::DeliverStreams(std::shared_ptr<const DeliverRules> rules,
                               std::shared_ptr<TaskPool> pool, std::size_t maxStreams)
    : m_state(std::make_shared<State>()) {
    m_state->maxStreams = maxStreams;
    m_state->rules = std::move(rules);
    m_state->pool = pool;
    m_pool = std::move(pool);
}

DeliverStreams::~DeliverStreams() {
    close();
}

DeliverStreams::Reactor* DeliverStreams::open(grpc::CallbackServerContext* context,
                                              const DeliverKind& kind) {
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->streams.size() >= m_state->maxStreams)
            return new Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams are open");
    }
    const auto certificate = rpc::peerCertificate(*context);
    const auto stream =
        Stream::open(m_state, kind, certificate ? certificate->bindingHash : Bytes());
    stream->pump();
    return stream.get();
}

void DeliverStreams::close() {
    m_state->closed = true;
    std::vector<std::shared_ptr<Stream>> streams;
    {
        const std::lock_guard lock(m_state->mutex);
        for (const auto& weak : m_state->streams)
            if (auto stream = weak.lock()) streams.push_back(std::move(stream));
    }
    for (const auto& stream : streams) stream->pump();
}

namespace {

using Deliver = ::protos::Deliver;
using RawDeliver =
    Deliver::WithRawCallbackMethod_Deliver<Deliver::WithRawCallbackMethod_DeliverFiltered<
        Deliver::WithRawCallbackMethod_DeliverWithPrivateData<Deliver::Service>>>;

class PeerDeliverService final : public RawDeliver {
public:
    PeerDeliverService(DeliverStreams& streams, const PeerDeliverRenderings& renderings)
        : m_streams(streams),
          m_blocks(kindOf(renderings.blocks, "event/Block")),
          m_filtered(kindOf(renderings.filtered, "event/FilteredBlock")) {
        if (renderings.withPrivateData)
            m_withPrivateData = kindOf(renderings.withPrivateData, "event/Block");
    }

    DeliverStreams::Reactor* Deliver(grpc::CallbackServerContext* context) override {
        return m_streams.open(context, m_blocks);
    }
    DeliverStreams::Reactor* DeliverFiltered(grpc::CallbackServerContext* context) override {
        return m_streams.open(context, m_filtered);
    }
    DeliverStreams::Reactor* DeliverWithPrivateData(grpc::CallbackServerContext* context) override {
        if (!m_withPrivateData) {
            return new Refusal(grpc::StatusCode::UNIMPLEMENTED,
                               "private data are not delivered here");
        }
        return m_streams.open(context, *m_withPrivateData);
    }

private:
    static DeliverKind kindOf(BlockRenderingPtr rendering, std::string resource) {
        return {std::make_shared<RenderedBlocks>(std::move(rendering)),
                readersOf(std::move(resource))};
    }

    DeliverStreams& m_streams;
    DeliverKind m_blocks;
    DeliverKind m_filtered;
    std::optional<DeliverKind> m_withPrivateData;
};

}  // namespace

std::unique_ptr<grpc::Service> makePeerDeliverService(DeliverStreams& streams,
                                                      PeerDeliverRenderings renderings) {
    return std::make_unique<PeerDeliverService>(streams, renderings);
}

}  // namespace chancery::node
