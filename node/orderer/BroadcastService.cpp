#include "node/orderer/BroadcastService.h"

#include <grpcpp/server_context.h>

#include <deque>
#include <mutex>
#include <set>

#include "fabric/common/common.pb.h"
#include "fabric/orderer/ab.pb.h"
#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

// Envelopes of one stream that are checked or ordered at a time.
constexpr std::size_t kMaxInFlight = 256;
constexpr std::size_t kMaxBytesInFlight = 16U << 20;

using Reactor = DeliverStreams::Reactor;

protocol::SharedBytes encodeAnswer(const BroadcastAnswer& answer) {
    static const protocol::SharedBytes success = [] {
        ::orderer::BroadcastResponse response;
        response.set_status(::common::SUCCESS);
        return protocol::SharedBytes(wire::serialize(response));
    }();
    if (answer.isSuccess()) return success;
    ::orderer::BroadcastResponse response;
    response.set_status(static_cast<::common::Status>(answer.status));
    response.set_info(answer.info);
    return protocol::SharedBytes(wire::serialize(response));
}

}  // namespace

struct BroadcastStreams::State {
    std::atomic<bool> closed = false;
    std::mutex mutex;
    std::set<std::weak_ptr<Stream>, std::owner_less<>> streams;
};

/// One Broadcast call: several envelopes on their way at once, answers in the order of the
/// envelopes, and the end after the first that is no success. An envelope is checked on the thread
/// that brings it, while others bring the next. Keeps itself alive until gRPC is done with it.
class BroadcastStreams::Stream final : public Reactor, public std::enable_shared_from_this<Stream> {
public:
    Stream(const BroadcastProcessor& processor, std::shared_ptr<State> state)
        : m_processor(processor), m_state(std::move(state)) {}

    static std::shared_ptr<Stream> open(const BroadcastProcessor& processor,
                                        const std::shared_ptr<State>& state) {
        auto stream = std::make_shared<Stream>(processor, state);
        stream->m_self = stream;
        const std::lock_guard lock(state->mutex);
        state->streams.insert(stream);
        return stream;
    }

    void pump() {
        if (m_calls.fetch_add(1) != 0) return;
        for (int seen = 1; seen > 0;) {
            step();
            seen = m_calls.fetch_sub(seen) - seen;
        }
    }

private:
    struct Slot {
        std::size_t bytes = 0;
        std::optional<BroadcastAnswer> answer;
    };

    void OnReadDone(bool ok) override {
        protocol::SharedBytes envelope;
        std::uint64_t number = 0;
        if (ok) envelope = toSharedBytes(m_in);
        {
            const std::lock_guard lock(m_mutex);
            if (ok) {
                number = m_firstSlot + m_slots.size();
                m_slots.push_back({envelope.size(), std::nullopt});
                m_bytes += envelope.size();
            } else {
                m_noMore = true;
            }
            m_reading = false;
        }
        pump();
        if (!ok) return;
        m_processor.process(envelope, [self = shared_from_this(), number](BroadcastAnswer answer) {
            self->answered(number, std::move(answer));
        });
    }
    void OnWriteDone(bool ok) override {
        {
            const std::lock_guard lock(m_mutex);
            if (!ok) m_broken = true;
            m_writing = false;
        }
        pump();
    }
    void OnCancel() override {
        {
            const std::lock_guard lock(m_mutex);
            m_broken = true;
        }
        pump();
    }
    void OnDone() override {
        {
            const std::lock_guard lock(m_state->mutex);
            m_state->streams.erase(weak_from_this());
        }
        const auto self = std::move(m_self);
    }

    void answered(std::uint64_t number, BroadcastAnswer answer) {
        bool isFirst = false;
        {
            const std::lock_guard lock(m_mutex);
            if (number < m_firstSlot) return;
            m_slots[number - m_firstSlot].answer = std::move(answer);
            isFirst = number == m_firstSlot;
        }
        if (isFirst) pump();
    }

    void step() {
        std::optional<BroadcastAnswer> answer;
        bool last = false, read = false, broken = false, end = false, stopped = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_finished) return;
            if (!m_writing) {
                broken = m_broken;
                if (!broken && !m_slots.empty() && m_slots.front().answer) {
                    answer = std::move(m_slots.front().answer);
                    m_bytes -= m_slots.front().bytes;
                    m_slots.pop_front();
                    ++m_firstSlot;
                    last = !answer->isSuccess() || (m_noMore && m_slots.empty());
                    m_writing = true;
                }
                end = !broken && !answer && m_noMore && m_slots.empty();
                stopped = m_state->closed && !broken && !answer && !end && m_slots.empty();
                m_finished = broken || last || end || stopped;
            }
            read = !m_finished && !m_state->closed && !m_reading && !m_noMore && !m_broken &&
                   m_slots.size() < kMaxInFlight && m_bytes < kMaxBytesInFlight;
            if (read) m_reading = true;
        }
        if (broken) return Finish(grpc::Status::CANCELLED);
        if (end) return Finish(grpc::Status::OK);
        if (stopped) return Finish({grpc::StatusCode::UNAVAILABLE, "the orderer stops"});
        if (answer) {
            m_out = toByteBuffer(encodeAnswer(*answer));
            if (last) return StartWriteAndFinish(&m_out, grpc::WriteOptions(), grpc::Status::OK);
            StartWrite(&m_out);
        }
        if (read) StartRead(&m_in);
    }

    const BroadcastProcessor& m_processor;
    const std::shared_ptr<State> m_state;
    std::shared_ptr<Stream> m_self;
    std::atomic<int> m_calls = 0;
    std::mutex m_mutex;  ///< for the ones below, never held during a check
    std::deque<Slot> m_slots;
    std::uint64_t m_firstSlot = 0;
    std::size_t m_bytes = 0;
    bool m_reading = false;
    bool m_noMore = false;
    bool m_writing = false;
    bool m_broken = false;
    bool m_finished = false;
    grpc::ByteBuffer m_in;
    grpc::ByteBuffer m_out;
};

BroadcastStreams::BroadcastStreams(const BroadcastProcessor& processor)
    : m_processor(processor), m_state(std::make_shared<State>()) {}

BroadcastStreams::~BroadcastStreams() {
    close();
}

DeliverStreams::Reactor* BroadcastStreams::open() {
    const auto stream = Stream::open(m_processor, m_state);
    stream->pump();
    return stream.get();
}

void BroadcastStreams::close() {
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

using Service = ::orderer::AtomicBroadcast;
using RawService = Service::WithRawCallbackMethod_Broadcast<
    Service::WithRawCallbackMethod_Deliver<Service::Service>>;

class AtomicBroadcastService final : public RawService {
public:
    AtomicBroadcastService(BroadcastStreams& broadcasts, DeliverStreams& streams,
                           DeliverKind blocks)
        : m_broadcasts(broadcasts), m_streams(streams), m_blocks(std::move(blocks)) {}

    Reactor* Broadcast(grpc::CallbackServerContext*) override { return m_broadcasts.open(); }
    Reactor* Deliver(grpc::CallbackServerContext* context) override {
        return m_streams.open(context, m_blocks);
    }

private:
    BroadcastStreams& m_broadcasts;
    DeliverStreams& m_streams;
    const DeliverKind m_blocks;
};

}  // namespace

std::unique_ptr<grpc::Service> makeAtomicBroadcastService(BroadcastStreams& broadcasts,
                                                          DeliverStreams& streams,
                                                          DeliverKind blocks) {
    return std::make_unique<AtomicBroadcastService>(broadcasts, streams, std::move(blocks));
}

}  // namespace chancery::node
