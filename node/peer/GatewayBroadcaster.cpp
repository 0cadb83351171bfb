#include "node/peer/GatewayBroadcaster.h"

#include <utility>
#include <vector>

#include "node/peer/GatewayConnections.h"
#include "src/protocol/FieldReader.h"
#include "src/rpc/ByteCalls.h"

namespace chancery::node {
namespace {

constexpr const char* kBroadcast = "/orderer.AtomicBroadcast/Broadcast";
constexpr int kMaxAttempts = 2;

Result<BroadcastAnswer> decodeAnswer(BytesView bytes) {
    protocol::FieldReader reader(bytes, "broadcast_response");
    BroadcastAnswer answer;
    std::string_view info;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (protocol::keyOf(field) == protocol::integerField(1))
            answer.status = static_cast<int>(field.integer());
        if (protocol::keyOf(field) == protocol::lengthField(2))
            return reader.text(field, info, "info");
        return true;
    });
    if (!read) return reader.status();
    answer.info = info;
    return answer;
}

}  // namespace

GatewayBroadcaster::GatewayBroadcaster(GatewayConnections& connections, std::string address,
                                       std::string rootsPem)
    : m_connections(connections), m_address(std::move(address)), m_rootsPem(std::move(rootsPem)) {}

void GatewayBroadcaster::submit(protocol::SharedBytes envelope, Done done) {
    Status status;
    {
        const std::lock_guard lock(m_mutex);
        status = send({std::move(envelope), done, std::chrono::steady_clock::now(), 1});
    }
    if (!status.ok()) done(status);
}

// With the lock. An error leaves nothing behind.
Status GatewayBroadcaster::send(Pending pending) {
    if (m_isClosed)
        return makeError(StatusCode::kUnavailable, "STOPPING", "the gateway is stopping");
    if (!m_use) {
        ASSIGN_OR_RETURN(const auto channel, m_connections.to(m_address, m_rootsPem));
        auto use = std::make_shared<Use>();
        rpc::ByteStreamEvents events;
        events.message = [self = shared_from_this(), use](Bytes bytes) {
            self->answered(use, bytes);
        };
        events.ended = [self = shared_from_this(), use](const Status& status) {
            self->ended(use, status);
            use->stream.reset();
        };
        use->stream = rpc::ByteStream::open(channel, kBroadcast, std::move(events));
        m_use = std::move(use);
    }
    // The queue's order must be that of the stream.
    const BytesView bytes = pending.envelope.view();
    m_pending.push_back(std::move(pending));
    m_use->stream->write(bytes);
    return {};
}

void GatewayBroadcaster::answered(const std::shared_ptr<Use>& use, BytesView bytes) {
    auto answer = decodeAnswer(bytes);
    Done done;
    {
        const std::lock_guard lock(m_mutex);
        if (use != m_use || m_pending.empty()) return;
        use->hasAnswered = true;
        use->hasRefused = use->hasRefused || (answer.ok() && answer->status != 200);
        done = std::move(m_pending.front().done);
        m_pending.pop_front();
    }
    done(std::move(answer));
}

void GatewayBroadcaster::ended(const std::shared_ptr<Use>& use, const Status& status) {
    std::deque<Pending> failed;
    Status why = status.ok() ? Status(StatusCode::kUnavailable, "EOF") : status;
    {
        const std::lock_guard lock(m_mutex);
        if (use != m_use) return;
        m_use.reset();
        failed = std::exchange(m_pending, {});
        if (!status.ok() && !m_isClosed) m_connections.forget(m_address);
        // Behind a refused envelope, or on a stream that had worked until the orderer was started
        // anew, it is the stream's end and not the orderer's.
        std::deque<Pending> hopeless;
        for (Pending& pending : failed) {
            const bool again = !use->isExpired && (use->hasRefused || use->hasAnswered) &&
                               (use->hasRefused || pending.attempts < kMaxAttempts);
            if (!again) {
                hopeless.push_back(std::move(pending));
                continue;
            }
            if (!use->hasRefused) ++pending.attempts;
            Pending copy = pending;
            if (const Status sent = send(std::move(copy)); !sent.ok())
                hopeless.push_back(std::move(pending));
        }
        failed = std::move(hopeless);
        if (use->isExpired)
            why = Status(StatusCode::kDeadlineExceeded, "context deadline exceeded");
    }
    for (Pending& pending : failed) pending.done(why);
}

void GatewayBroadcaster::expire(std::chrono::milliseconds longest) {
    const std::lock_guard lock(m_mutex);
    if (!m_use || m_pending.empty() ||
        std::chrono::steady_clock::now() - m_pending.front().since < longest)
        return;
    m_use->isExpired = true;
    m_use->stream->cancel();
}

void GatewayBroadcaster::close() {
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
    if (m_use) m_use->stream->cancel();
}

}  // namespace chancery::node
