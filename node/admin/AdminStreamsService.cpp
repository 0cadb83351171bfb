#include "node/admin/AdminStreamsService.h"

#include <unordered_map>

#include "node/role/FlowTail.h"
#include "node/role/ProcessFigures.h"
#include "src/base/Encoding.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {
namespace {

namespace v1 = ::chancery::admin::v1;

constexpr std::uint32_t kLeastPeriodMs = 100;
constexpr std::uint32_t kMostPeriodMs = 3'600'000;
constexpr std::chrono::milliseconds kFlowPeriod{50};
constexpr std::uint32_t kMostEvents = 100'000;
constexpr std::size_t kMaxOutcome = 256;

std::int64_t nanosecondsOf(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

/// Writes what `fill` gives, one message at a time: while one is on its way to a slow reader, ticks
/// do nothing. Keeps itself alive until gRPC has let go of it.
template <class Message>
class Stream : public grpc::ServerWriteReactor<Message>,
               public Ticking,
               public std::enable_shared_from_this<Stream<Message>> {
public:
    explicit Stream(std::chrono::milliseconds period) : m_period(period) {}

    grpc::ServerWriteReactor<Message>* begin(AdminTicker& ticker) {
        m_self = this->shared_from_this();
        ticker.add(m_self);
        return this;
    }

    Clock::time_point tick(Clock::time_point now) override {
        const std::lock_guard lock(m_mutex);
        if (m_finished || m_writing) return now + m_period;
        if (fill(m_message)) {
            m_writing = true;
            this->StartWrite(&m_message);
        }
        return now + m_period;
    }
    void close() override {
        end(makeError(StatusCode::kUnavailable, "NODE_STOPPING", "the node is stopping"));
    }
    void OnWriteDone(bool ok) override {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        if (m_finished)
            this->Finish(m_status);
        else if (!ok)
            finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller has gone"));
    }
    void OnCancel() override {
        end(makeError(StatusCode::kCancelled, "STOPPED", "the call was cancelled"));
    }
    void OnDone() override {
        // Not under m_mutex: nobody calls any more, and the object ends with the last hold.
        const auto self = std::move(m_self);
    }

protected:
    /// Under a lock; false when there is nothing to say. The message is the last one's.
    virtual bool fill(Message& message) = 0;

private:
    void end(const Status& why) {
        const std::lock_guard lock(m_mutex);
        if (m_finished) return;
        if (!m_writing) return finish(rpc::toGrpc(why));
        m_finished = true;  // when the write is over
        m_status = rpc::toGrpc(why);
    }
    void finish(const grpc::Status& status) {
        m_finished = true;
        this->Finish(status);
    }

    const std::chrono::milliseconds m_period;
    std::shared_ptr<Stream> m_self;
    std::mutex m_mutex;
    Message m_message;  // its memory is used again
    bool m_writing = false;
    bool m_finished = false;
    grpc::Status m_status;
};

class FlowStream final : public Stream<v1::FlowBatch> {
public:
    FlowStream(FlowEvents& events, std::uint32_t most)
        : Stream(kFlowPeriod), m_tail(events, {.mostPerSecond = most}) {}

private:
    bool fill(v1::FlowBatch& batch) override {
        const FlowTail::Batch taken = m_tail.take();
        if (taken.seen == 0) return false;
        batch.Clear();
        batch.set_seen(taken.seen);
        batch.set_one_in(taken.oneIn);
        m_channels.clear();
        for (const FlowEvent& event : taken.events) {
            auto* to = batch.add_events();
            // The order of both lists is that of a transaction's way.
            to->set_stage(static_cast<v1::FlowStage>(static_cast<int>(event.stage) + 1));
            to->set_channel(indexOf(event.channel, batch));
            if (!setHex(event.txId.str(), *to->mutable_tx_id())) {
                to->clear_tx_id();
                to->set_tx_id_text(printable(event.txId.str(), kMaxOutcome));
            }
            to->set_start(nanosecondsOf(event.start));
            to->set_duration(event.duration.count());
            if (!event.outcome.empty()) to->set_outcome(printable(event.outcome, kMaxOutcome));
        }
        return true;
    }

    std::uint32_t indexOf(const ChannelId& channel, v1::FlowBatch& batch) {
        for (std::uint32_t i = 0; i < m_channels.size(); ++i)
            if (*m_channels[i] == channel.str()) return i;
        batch.add_channels(channel.str());
        m_channels.push_back(&channel.str());
        return static_cast<std::uint32_t>(m_channels.size() - 1);
    }

    static bool setHex(std::string_view text, std::string& bytes) {
        constexpr std::size_t kDigits = 64;
        const auto digit = [](char c) {
            return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        };
        if (text.size() != kDigits) return false;
        bytes.resize(kDigits / 2);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
            if (high < 0 || low < 0) return false;
            bytes[i] = static_cast<char>(high << 4 | low);
        }
        return true;
    }

    FlowTail m_tail;
    std::vector<const std::string*> m_channels;  // of the batch that is filled
};

class MetricsStream final : public Stream<v1::MetricsReading> {
public:
    MetricsStream(const Metrics& metrics, std::chrono::milliseconds period)
        : Stream(period), m_metrics(metrics) {}

private:
    struct Known {
        std::uint32_t id = 0;
        double value = 0;
    };

    bool fill(v1::MetricsReading& reading) override {
        reading.Clear();
        reading.set_when(nanosecondsOf(std::chrono::system_clock::now()));
        m_changed.clear();
        const auto look = [&](std::uint64_t key, double value, const auto& describe) {
            const auto [known, isNew] = m_known.try_emplace(key);
            if (isNew) {
                known->second.id = static_cast<std::uint32_t>(m_known.size());
                const MetricLine line = describe();
                auto* series = reading.add_series();
                series->set_id(known->second.id);
                series->set_name(line.name);
                for (const auto& [name, text] : line.labels)
                    (*series->mutable_labels())[name] = printable(text, kMaxOutcome);
            } else if (known->second.value == value) {
                return;
            }
            known->second.value = value;
            m_changed.emplace_back(known->second.id, value);
        };
        m_metrics.forEach(look);
        const auto figures = processFigures();
        for (std::size_t i = 0; i < figures.size(); ++i)
            look(i, figures[i].value,
                 [&] { return MetricLine{.name = std::string(figures[i].name), .labels = {}}; });
        std::sort(m_changed.begin(), m_changed.end());
        std::uint32_t last = 0;
        for (const auto& [id, value] : m_changed) {
            reading.add_ids(id - std::exchange(last, id));
            reading.add_values(value);
        }
        return true;
    }

    const Metrics& m_metrics;
    std::unordered_map<std::uint64_t, Known> m_known;  // serials begin above those of figures
    std::vector<std::pair<std::uint32_t, double>> m_changed;
};

template <class Message>
grpc::ServerWriteReactor<Message>* refuse(std::string_view reason, std::string_view sentence) {
    return new RefusedStream<Message>(
        rpc::toGrpc(makeError(StatusCode::kInvalidArgument, reason, sentence)));
}

}  // namespace

grpc::ServerWriteReactor<v1::MetricsReading>* watchMetrics(const v1::WatchMetricsRequest& request,
                                                           const Metrics& metrics,
                                                           AdminTicker& ticker) {
    const std::uint32_t every = request.every_ms() == 0 ? 1000 : request.every_ms();
    if (every < kLeastPeriodMs || every > kMostPeriodMs)
        return refuse<v1::MetricsReading>("BAD_PERIOD", "a period has 100 ms to an hour");
    return std::make_shared<MetricsStream>(metrics, std::chrono::milliseconds(every))
        ->begin(ticker);
}

grpc::ServerWriteReactor<v1::FlowBatch>* watchFlow(const v1::WatchFlowRequest& request,
                                                   FlowEvents& events, AdminTicker& ticker) {
    const std::uint32_t most = request.most_per_second() == 0 ? 20'000 : request.most_per_second();
    if (most > kMostEvents)
        return refuse<v1::FlowBatch>("BAD_RATE", "at most 100,000 events are told in a second");
    return std::make_shared<FlowStream>(events, most)->begin(ticker);
}

}  // namespace chancery::node
