#include "node/peer/GatewayEvents.h"

#include <fmt/format.h>

#include "node/peer/GatewayErrors.h"
#include "src/protocol/FieldWriter.h"
#include "src/protocol/Transaction.h"

namespace chancery::node {
namespace {

// After so many blocks another stream has its turn.
constexpr int kBlocksPerTurn = 64;

BlockNumber heightOf(const PeerChannel& channel) {
    return static_cast<const BlockFeed&>(channel).height();
}

}  // namespace

BlockEvents eventsOf(const protocol::Block& block) {
    BlockEvents result;
    result.block = block.number();
    const auto codes = block.validationCodes();
    for (std::size_t i = 0; i < std::min(codes.size(), block.transactionCount()); ++i) {
        if (codes[i] != protocol::ValidationCode::Valid) continue;
        const auto transaction = block.transaction(i);
        if (!transaction.isEndorserTransaction()) continue;
        for (const auto& action : transaction.actions) {
            if (!action.event) continue;
            const auto& event = *action.event;
            if (event.chaincodeId.empty() || event.name.empty() || event.txId.empty()) continue;
            // A copy, so that a small event does not keep its whole block.
            result.events.push_back({i, std::string(event.chaincodeId), std::string(event.txId),
                                     protocol::SharedBytes(Bytes(action.eventBytes))});
        }
    }
    return result;
}

Result<BlockEventsPtr> GatewayEventCache::load(const PeerChannel& channel, BlockNumber block) {
    const std::string key = fmt::format("{}/{}", channel.channelId().str(), block);
    if (auto found = m_cache.find(key)) return *std::move(found);
    ASSIGN_OR_RETURN(const auto read, channel.read(block));
    auto events = std::make_shared<const BlockEvents>(eventsOf(read));
    m_cache.insert(key, events);
    return events;
}

GatewayEventStream::GatewayEventStream(PeerChannelPtr channel, EventsFilter filter, Sink sink,
                                       GatewayEventCache& cache, TaskPool& pool)
    : m_channel(std::move(channel)),
      m_filter(std::move(filter)),
      m_sink(std::move(sink)),
      m_cache(cache),
      m_pool(pool),
      m_next(m_filter.start) {}

void GatewayEventStream::start() {
    m_subscription = m_channel->onHeight([weak = weak_from_this()](BlockNumber) {
        if (const auto self = weak.lock()) self->onHeight();
    });
    schedule();
}

void GatewayEventStream::onHeight() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_isBusy || m_isCancelled) return;
        m_isBusy = true;
    }
    schedule();
}

void GatewayEventStream::onWritten() {
    schedule();
}

void GatewayEventStream::cancel() {
    m_subscription.reset();
    const std::lock_guard lock(m_mutex);
    m_isCancelled = true;
}

void GatewayEventStream::schedule() {
    m_pool.post([self = shared_from_this()] { self->pump(); });
}

void GatewayEventStream::pump() {
    for (int turn = 0; turn < kBlocksPerTurn; ++turn) {
        BlockNumber block = 0;
        {
            const std::lock_guard lock(m_mutex);
            if (m_isCancelled) return;
            if (m_next >= heightOf(*m_channel)) {
                if (m_channel->isClosed()) {
                    m_sink.finish(Status(StatusCode::kAborted, "the channel was closed"));
                    return;
                }
                // A height that rises from here on meets a stream that waits.
                m_isBusy = false;
                return;
            }
            block = m_next++;
        }
        const Status allowed = m_filter.mayGoOn ? m_filter.mayGoOn() : absl::OkStatus();
        Result<std::optional<Bytes>> message = std::optional<Bytes>();
        if (allowed.ok()) message = messageOf(block);
        const std::lock_guard lock(m_mutex);
        if (m_isCancelled) return;
        if (!allowed.ok()) {
            m_sink.finish(allowed);
            return;
        }
        if (!message.ok()) {
            m_sink.finish(
                gatewayError(StatusCode::kAborted, chancery::messageOf(message.status())));
            return;
        }
        if (*message) {
            m_sink.write(**std::move(message));
            return;
        }
    }
    schedule();
}

Result<std::optional<Bytes>> GatewayEventStream::messageOf(BlockNumber block) {
    ASSIGN_OR_RETURN(const auto loaded, m_cache.load(*m_channel, block));
    Bytes message;
    for (const auto& event : loaded->events) {
        if (block == m_filter.start && m_filter.afterTransaction &&
            event.transaction <= *m_filter.afterTransaction)
            continue;
        if (!m_filter.afterUnknownTxId.empty()) {
            if (event.txId == m_filter.afterUnknownTxId) m_filter.afterUnknownTxId.clear();
            continue;
        }
        if (event.chaincode == m_filter.chaincode)
            protocol::appendElement(message, 1, event.bytes.view());
    }
    if (message.empty()) return std::optional<Bytes>();
    protocol::appendInteger(message, 2, block);
    return std::optional(std::move(message));
}

}  // namespace chancery::node
