#include "node/orderer/SingleConsenter.h"

#include <pthread.h>
#include <sys/prctl.h>

#include "src/base/Log.h"
#include "src/protocol/Envelope.h"

namespace chancery::node {
namespace {

constexpr const char* kConsenterRoom = "orderer";
// Of one sync; what a frame of the log can hold is far above it.
constexpr std::size_t kMaxRound = 4096;
constexpr std::size_t kMaxRoundBytes = 16U << 20;
// Making and signing a block takes 0.3 ms after a pause, and a sleeper comes late by as much. It is
// not done ahead for a batch so large that it is likely to be full before its time.
constexpr std::chrono::microseconds kPrepareAhead{1200};
constexpr std::size_t kMaxPreparedBytes = 256U << 10;

Status unavailable(const Status& why) {
    const std::string reason = reasonOf(why);
    return makeError(StatusCode::kUnavailable, reason.empty() ? "NOT_READY" : reason,
                     messageOf(why), argumentsOf(why));
}

Status halted() {
    return makeError(StatusCode::kUnavailable, "HALTED",
                     "the channel is not ordered here any more");
}

}  // namespace

SingleConsenter::SingleConsenter(ConsenterChannel& channel, std::string name, Options options)
    : m_channel(channel), m_name(std::move(name)), m_options(std::move(options)) {}

SingleConsenter::~SingleConsenter() {
    halt();
}

Status SingleConsenter::start() {
    ASSIGN_OR_RETURN(m_log, WriteAheadLog::open(m_options.folder, m_channel.lastIndex(),
                                                {m_options.disk, m_options.logFileBytes}));
    if (m_log->torn())
        log::warning(kConsenterRoom,
                     fmt::format("{}: an unfinished record at offset {} of {} is passed over",
                                 m_name, m_log->torn()->offset, m_log->torn()->file));
    auto records = m_log->takeReplay();
    if (!records.empty())
        log::info(kConsenterRoom, fmt::format("{}: {} acknowledged envelopes are taken up again",
                                              m_name, records.size()));
    for (auto& record : records) {
        ASSIGN_OR_RETURN(const auto parts, protocol::decodeEnvelope(BytesView(record.bytes)));
        const std::size_t size = parts.payload.size() + parts.signature.size();
        order({std::move(record.bytes), size, record.number}, record.isConfig, Clock::now());
    }
    if (const Status prepared = m_log->prepare(); !prepared.ok())
        log::warning(kConsenterRoom, fmt::format("{}: {}", m_name, messageOf(prepared)));
    m_thread = std::thread([this] { run(); });
    return absl::OkStatus();
}

Status SingleConsenter::ready() const {
    const std::lock_guard lock(m_mutex);
    if (m_halting) return halted();
    return m_trouble;
}

void SingleConsenter::order(Submission submission) {
    Status refusal;
    {
        const std::lock_guard lock(m_mutex);
        if (m_halting) {
            refusal = halted();
        } else if (!m_trouble.ok()) {
            refusal = m_trouble;
        } else if (m_queuedBytes > m_options.maxQueuedBytes) {
            refusal = makeError(StatusCode::kUnavailable, "TOO_BUSY",
                                "too many envelopes wait to be ordered");
        } else {
            m_queuedBytes += submission.envelope.size();
            m_queue.push_back(std::move(submission));
            // One that is not waiting looks into the queue by itself.
            if (m_queue.size() == 1) m_filled.notify_one();
            return;
        }
    }
    submission.done(refusal);
}

void SingleConsenter::halt() {
    {
        const std::lock_guard lock(m_mutex);
        m_halting = true;
    }
    m_filled.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void SingleConsenter::run() {
    pthread_setname_np(pthread_self(), ("order-" + m_name).substr(0, 15).c_str());
    // Batches have times of few milliseconds: be woken when it is time, not up to 50 us later.
    ::prctl(PR_SET_TIMERSLACK, 1);
    while (true) {
        auto round = takeRound();
        if (!round.empty()) process(std::move(round));
        {
            const std::lock_guard lock(m_mutex);
            if (m_halting && m_queue.empty()) break;
        }
        if (Clock::now() >= m_retryAt) writeBacklog();
        prepareBeforeTimeout();
        cutAfterTimeout();
    }
    // What is pending is in the log and comes back with the next start.
}

SingleConsenter::Clock::time_point SingleConsenter::nextTimer() const {
    auto at = Clock::time_point::max();
    if (m_cutter.hasPending()) at = m_isPrepared ? m_cutAt : m_cutAt - kPrepareAhead;
    if (m_hasUnwritten) at = std::min(at, m_retryAt);
    return at;
}

/// Up to and with the first configuration: what follows it is checked under the new one.
std::vector<Submission> SingleConsenter::takeRound() {
    std::unique_lock lock(m_mutex);
    const auto timer = nextTimer();
    const auto isDue = [this] { return m_halting || !m_queue.empty(); };
    if (timer == Clock::time_point::max())
        m_filled.wait(lock, isDue);
    else
        m_filled.wait_until(lock, timer, isDue);
    std::vector<Submission> round;
    std::size_t bytes = 0;
    while (!m_queue.empty() && round.size() < kMaxRound && bytes < kMaxRoundBytes) {
        bytes += m_queue.front().envelope.size();
        m_queuedBytes -= m_queue.front().envelope.size();
        round.push_back(std::move(m_queue.front()));
        m_queue.pop_front();
        if (round.back().isConfig) break;
    }
    return round;
}

void SingleConsenter::process(std::vector<Submission> round) {
    if (!m_trouble.ok()) {  // only this thread changes it
        for (const Submission& submission : round) submission.done(m_trouble);
        return;
    }
    const std::uint64_t sequence = m_channel.bundle()->sequence();
    std::erase_if(round, [&](Submission& submission) {
        if (submission.sequence == sequence) return false;
        const Status admitted = m_channel.readmit(submission);
        if (!admitted.ok()) submission.done(admitted);
        return !admitted.ok();
    });
    if (round.empty()) return;
    std::uint64_t number = 0;
    if (const Status appended = append(round, number); !appended.ok()) {
        for (const Submission& submission : round) submission.done(unavailable(appended));
        return;
    }
    for (const Submission& submission : round) submission.done(absl::OkStatus());
    for (Submission& submission : round)
        order({std::move(submission.envelope), submission.messageBytes, number++},
              submission.isConfig, submission.received);
}

void SingleConsenter::order(OrderedEnvelope envelope, bool isConfig, Clock::time_point received) {
    const auto bundle = m_channel.bundle();
    if (!m_cutter.hasPending()) beginBatch(received, *bundle);
    write(isConfig ? m_cutter.addConfig(std::move(envelope))
                   : m_cutter.add(std::move(envelope), bundle->orderer()->batchSize));
    // What it left behind may have begun with it.
    if (m_cutter.hasPending() && received > m_pendingSince && m_cutter.pendingCount() == 1)
        beginBatch(received, *bundle);
}

void SingleConsenter::beginBatch(Clock::time_point received, const channel::Bundle& bundle) {
    m_pendingSince = received;
    m_cutAt = received + absl::ToChronoNanoseconds(bundle.orderer()->batchTimeout);
    m_isPrepared = false;
}

Status SingleConsenter::append(const std::vector<Submission>& round, std::uint64_t& first) {
    std::vector<WriteAheadLog::Entry> entries;
    entries.reserve(round.size());
    for (const Submission& submission : round)
        entries.push_back({submission.isConfig, submission.envelope});
    const auto began = Clock::now();
    auto appended = m_log->append(entries);
    if (m_options.metrics) m_options.metrics->persisted(m_name, Clock::now() - began);
    if (!appended.ok()) {
        if (!absl::IsResourceExhausted(appended.status())) setTrouble(appended.status(), true);
        return std::move(appended).status();
    }
    first = *appended;
    return absl::OkStatus();
}

/// Once for each batch: what comes in the last moment before its time is not worth a second block.
void SingleConsenter::prepareBeforeTimeout() {
    if (!m_cutter.hasPending() || m_isPrepared || Clock::now() < m_cutAt - kPrepareAhead) return;
    m_isPrepared = true;
    if (m_hasUnwritten || !m_backlog.empty() || m_cutter.pendingBytes() > kMaxPreparedBytes) return;
    const Batch& batch = m_cutter.pending();
    m_channel.prepare(batch.envelopes, batch.lastIndex);
}

void SingleConsenter::cutAfterTimeout() {
    if (!m_cutter.hasPending() || Clock::now() < m_cutAt) return;
    std::vector<Batch> batches;
    batches.push_back(m_cutter.cut());
    write(std::move(batches));
}

void SingleConsenter::write(std::vector<Batch> batches) {
    if (batches.empty()) return;
    if (m_options.metrics) m_options.metrics->filled(m_name, Clock::now() - m_pendingSince);
    for (Batch& batch : batches) m_backlog.push_back(std::move(batch));
    if (!m_hasUnwritten) writeBacklog();
}

void SingleConsenter::writeBacklog() {
    while (m_hasUnwritten || !m_backlog.empty()) {
        if (m_isFinal) return;
        Status written;
        if (m_hasUnwritten) {
            written = m_channel.retry();
        } else {
            Batch batch = std::move(m_backlog.front());
            m_backlog.pop_front();
            written = m_channel.write(std::move(batch.envelopes), batch.isConfig, batch.lastIndex);
        }
        m_hasUnwritten = absl::IsResourceExhausted(written);
        if (m_hasUnwritten) {
            m_retryAt = Clock::now() + m_options.retryAfter;
            return setTrouble(written, false);
        }
        if (!written.ok()) return setTrouble(written, true);
        m_log->release(m_channel.lastIndex());
    }
    setTrouble(absl::OkStatus(), false);
}

void SingleConsenter::setTrouble(const Status& trouble, bool isFinal) {
    const std::lock_guard lock(m_mutex);
    if (m_isFinal || (trouble.ok() && m_trouble.ok())) return;
    if (trouble.ok())
        log::warning(kConsenterRoom, fmt::format("{}: ordering goes on", m_name));
    else if (m_trouble.ok())
        log::error(kConsenterRoom,
                   fmt::format("{}: nothing is ordered: {}", m_name, messageOf(trouble)));
    m_trouble = trouble.ok() ? trouble : unavailable(trouble);
    m_isFinal = isFinal;
}

}  // namespace chancery::node
