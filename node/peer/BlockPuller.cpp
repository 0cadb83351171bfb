#include "node/peer/BlockPuller.h"

#include <pthread.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

/// The stream was given up because nothing came, although others may have more to say.
constexpr std::string_view kSilent = "SILENT";

bool isBadBlock(const Status& status) {
    return status.code() == StatusCode::kInvalidArgument ||
           status.code() == StatusCode::kPermissionDenied ||
           status.code() == StatusCode::kOutOfRange ||
           status.code() == StatusCode::kResourceExhausted ||
           reasonOf(status) == "PREVIOUS_HASH_DIFFERS" || reasonOf(status) == "BLOCK_REFUSED";
}

}  // namespace

BlockPuller::BlockPuller(CommitPipeline& pipeline, OrderingService& orderers, Options options)
    : m_pipeline(pipeline),
      m_orderers(orderers),
      m_options(std::move(options)),
      m_channel(pipeline.bundle()->channelId()),
      m_random(m_options.seed),
      m_thread([this](const std::stop_token& stop) {
          pthread_setname_np(pthread_self(), ("pull-" + m_channel.str()).substr(0, 15).c_str());
          run(stop);
      }) {}

BlockPuller::~BlockPuller() {
    stop();
}

void BlockPuller::stop() {
    m_thread.request_stop();
    m_wake.notify_all();
    if (m_thread.joinable()) m_thread.join();
}

BlockPuller::Status BlockPuller::status() const {
    const std::lock_guard lock(m_mutex);
    return m_status;
}

void BlockPuller::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto orderer = choose(stop);
        if (!orderer) continue;
        const chancery::Status ended = pullFrom(*orderer, stop);
        if (stop.stop_requested() || reasonOf(ended) == "STOPPED") return;
        if (reasonOf(ended) == "CHANNEL_HALTED") {
            pause(stop, Clock::time_point::max());
            return;
        }
        note(*orderer, ended);
    }
}

std::vector<channel::OrdererEndpoint> BlockPuller::candidates() const {
    const channel::BundlePtr bundle = m_pipeline.bundle();
    std::vector<channel::OrdererEndpoint> found =
        m_options.orderers.empty() ? bundle->ordererEndpoints() : m_options.orderers;
    for (auto& orderer : found) {
        if (const auto other = m_options.overrides.find(orderer.address);
            other != m_options.overrides.end()) {
            orderer.address = other->second.address;
            if (!other->second.rootsPem.empty()) orderer.tlsRoots = {other->second.rootsPem};
        }
        if (!orderer.tlsRoots.empty()) continue;
        for (const auto& known : bundle->ordererEndpoints())
            orderer.tlsRoots.insert(orderer.tlsRoots.end(), known.tlsRoots.begin(),
                                    known.tlsRoots.end());
    }
    return found;
}

/// One of those that failed least and whose pause is over; waits for the first pause to end when
/// all have one. Nothing when it was stopped or has to look again.
std::optional<channel::OrdererEndpoint> BlockPuller::choose(const std::stop_token& stop) {
    const auto orderers = candidates();
    const auto now = Clock::now();
    std::vector<const channel::OrdererEndpoint*> best;
    std::size_t fewest = 0;
    auto earliest = now + m_options.longestPause;
    for (const auto& orderer : orderers) {
        const Record& record = m_records[orderer.address];
        if (record.notBefore > now) {
            earliest = std::min(earliest, record.notBefore);
            continue;
        }
        if (!best.empty() && record.failures > fewest) continue;
        if (best.empty() || record.failures < fewest) {
            best.clear();
            fewest = record.failures;
        }
        best.push_back(&orderer);
    }
    if (!best.empty()) return *best[m_random() % best.size()];
    if (orderers.empty()) {
        const std::lock_guard lock(m_mutex);
        m_status.problem = "The configuration names no orderer.";
    }
    pause(stop, earliest);
    return std::nullopt;
}

/// Takes blocks until something ends it.
chancery::Status BlockPuller::pullFrom(const channel::OrdererEndpoint& orderer,
                                       const std::stop_token& stop) {
    ASSIGN_OR_RETURN(const auto stream,
                     m_orderers.deliver(orderer, m_channel, m_pipeline.next(), stop));
    channel::BundlePtr bundle = m_pipeline.bundle();
    for (;;) {
        ASSIGN_OR_RETURN(auto block, stream->next(deadlineIn(m_options.silence)));
        if (stop.stop_requested()) return {};
        if (!block) {
            if (candidates().size() > 1)
                return makeError(StatusCode::kUnavailable, kSilent, "The orderer is silent.");
            continue;
        }
        RETURN_IF_ERROR(m_pipeline.accept(*std::move(block)));
        m_records[orderer.address] = {};
        {
            const std::lock_guard lock(m_mutex);
            if (m_status.orderer != orderer.address || m_status.failures > 0)
                m_status = {orderer.address, {}, 0};
        }
        const channel::BundlePtr now = m_pipeline.bundle();
        if (now == bundle) continue;
        bundle = now;
        const auto known = candidates();
        if (std::none_of(known.begin(), known.end(),
                         [&](const auto& it) { return it.address == orderer.address; }))
            return makeError(StatusCode::kUnavailable, "ORDERER_REMOVED",
                             "The configuration does not name the orderer any more.");
    }
}

void BlockPuller::note(const channel::OrdererEndpoint& orderer, const chancery::Status& ended) {
    Record& record = m_records[orderer.address];
    const bool bad = isBadBlock(ended);
    if (reasonOf(ended) == kSilent) {
        // Not its fault, perhaps: only the others come first this time.
        record.notBefore = Clock::now() + m_options.firstPause;
    } else {
        std::chrono::milliseconds pause =
            m_options.firstPause * (1LL << std::min<std::size_t>(record.failures, 16));
        if (bad) pause = std::max(pause, m_options.pauseAfterBadBlock);
        pause = std::min(pause, std::max(m_options.longestPause, m_options.pauseAfterBadBlock));
        // Jitter, so that the peers of a network do not all come back at once.
        const auto spread = std::max<std::int64_t>(pause.count() / 2, 1);
        pause = pause / 2 + std::chrono::milliseconds(static_cast<std::int64_t>(
                                m_random() % static_cast<std::uint64_t>(spread) + 1));
        record.notBefore = Clock::now() + pause;
        ++record.failures;
    }
    std::size_t failures = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_status.orderer == orderer.address) m_status.orderer.clear();
        m_status.problem = fmt::format("{}: {}", printable(orderer.address, 256), messageOf(ended));
        failures = ++m_status.failures;
    }
    // The first failures, then ever more seldom.
    if (bad || failures < 4 || (failures & (failures - 1)) == 0)
        log::warning("peer", fmt::format("{}: no blocks from orderer {}: {}", m_channel.str(),
                                         orderer.address, messageOf(ended)));
}

/// False when it was stopped.
bool BlockPuller::pause(const std::stop_token& stop, Clock::time_point until) {
    std::unique_lock lock(m_mutex);
    const auto never = [] { return false; };
    if (until == Clock::time_point::max())
        m_wake.wait(lock, stop, never);
    else
        m_wake.wait_until(lock, stop, until, never);
    return !stop.stop_requested();
}

}  // namespace chancery::node
