#include "node/peer/CommitPipeline.h"

#include <pthread.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/CommitHash.h"
#include "src/protocol/Lifecycle.h"
#include "src/verify/BlockVerifier.h"

namespace chancery::node {
namespace {

using protocol::ValidationCode;

constexpr std::size_t kMaxQueuedBlocks = 8;
constexpr std::size_t kMaxQueuedBytes = 64U << 20;

/// Only a configuration that was ordered although it must not be stops a channel; everything else
/// that Fabric's peers stop at can come from a client.
bool isOrderersFault(const verify::Hazard& hazard) {
    return hazard.reason == "CONFIG_AMONG_OTHERS" || hazard.reason == "CONFIG_REFUSED" ||
           hazard.reason == "BAD_CONFIG";
}

std::size_t sizeOf(const protocol::Block& block) {
    std::size_t bytes = 0;
    for (const BytesView envelope : block.envelopes()) bytes += envelope.size();
    return bytes;
}

std::string typeLabel(protocol::HeaderType type) {
    const bool known =
        type == protocol::HeaderType::EndorserTransaction || type == protocol::HeaderType::Config;
    return known ? nameOf(type) : "unknown";
}

Status stopped() {
    return makeError(StatusCode::kCancelled, "STOPPED", "The channel is being closed.");
}

/// The status with the words for an administrator behind its sentence.
Status advised(const Status& status, BlockNumber block, std::string_view advice) {
    ErrorArguments arguments = argumentsOf(status);
    arguments.emplace_back("block", std::to_string(block));
    arguments.emplace_back("advice", advice);
    const std::string_view why = messageOf(status);
    return makeError(status.code(), reasonOf(status),
                     fmt::format("Block {} is not committed: {}{} {}", block, why,
                                 why.ends_with('.') ? "" : ".", advice),
                     std::move(arguments));
}

constexpr std::string_view kOtherOrderer =
    "The channel goes on as soon as an orderer gives a good block. If all of them give this one, "
    "their ledgers are damaged or they do not follow the channel's rules: ask their organisations.";

}  // namespace

CommitPipeline::CommitPipeline(Parts parts)
    : m_parts(std::move(parts)),
      m_channel(m_parts.bundle->channelId()),
      m_validator(m_parts.bundle, m_parts.ledger->writerView()),
      m_commitHash(m_parts.ledger->lastCommitHash()),
      m_bundle(m_parts.bundle),
      m_next(m_parts.ledger->height()),
      m_lastHash(m_parts.ledger->blocks().lastHash()) {
    m_hashing = m_next <= 1 || !m_commitHash.empty();
    if (m_lastHash.empty() && m_parts.ledger->bootstrap())
        m_lastHash = m_parts.ledger->bootstrap()->lastBlockHash;
    if (m_parts.metrics != nullptr)
        m_parts.metrics->height.set(static_cast<double>(m_next), {m_channel.str()});
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), ("commit-" + m_channel.str()).substr(0, 15).c_str());
        run();
    });
}

CommitPipeline::~CommitPipeline() {
    stop();
}

void CommitPipeline::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable()) m_thread.join();
}

BlockNumber CommitPipeline::next() const {
    const std::lock_guard lock(m_mutex);
    return m_next;
}

channel::BundlePtr CommitPipeline::bundle() const {
    const std::lock_guard lock(m_mutex);
    return m_bundle;
}

std::optional<Status> CommitPipeline::alarm() const {
    const std::lock_guard lock(m_mutex);
    return m_alarm ? std::optional(m_alarm->status) : std::nullopt;
}

void CommitPipeline::setAlarm(Status status, BlockNumber block) {
    log::error("peer", fmt::format("{}: {}", m_channel.str(), messageOf(status)));
    const std::lock_guard lock(m_mutex);
    m_alarm = Alarm{std::move(status), block};
}

void CommitPipeline::betweenBlocks(std::function<void()> task) {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_all();
}

Status CommitPipeline::accept(protocol::Block block) {
    ASSIGN_OR_RETURN(const Expected expected, awaitTurn(block.number()));
    Ready ready{{}, block, std::chrono::system_clock::now(), {}, sizeOf(block)};
    const auto began = Clock::now();
    if (const Status good = check(block, expected); !good.ok()) return refuse(good);
    ready.prepared =
        verify::Validator::prepare(block, expected.bundle, m_parts.pool, m_parts.signatures);
    ready.checking = Clock::now() - began;
    Bytes hash = block.header().hash();
    const bool isConfig = block.isConfigBlock();
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping) return stopped();
        // A block before this one was refused meanwhile.
        if (expected.generation != m_generation)
            return m_refused ? *std::exchange(m_refused, std::nullopt) : stopped();
        m_next = expected.number + 1;
        m_lastHash = std::move(hash);
        m_configUnderWay = isConfig;
        m_queuedBytes += ready.bytes;
        m_queue.push_back(std::move(ready));
    }
    m_changed.notify_all();
    return {};
}

/// Waits until the block may be looked at: there is room, and no configuration is under way.
Result<CommitPipeline::Expected> CommitPipeline::awaitTurn(BlockNumber number) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] {
        const bool room = m_queue.empty() ||
                          (m_queue.size() < kMaxQueuedBlocks && m_queuedBytes < kMaxQueuedBytes);
        return m_stopping || m_halted || m_refused || (room && !m_configUnderWay);
    });
    if (m_stopping) return stopped();
    if (m_refused) return *std::exchange(m_refused, std::nullopt);
    if (m_halted)
        return makeError(StatusCode::kUnavailable, "CHANNEL_HALTED",
                         "The channel takes no blocks until the peer is started again.");
    if (number != m_next)
        return makeError(
            StatusCode::kOutOfRange, "OUT_OF_ORDER",
            fmt::format("Block {} was given where block {} is next.", number, m_next),
            {{"expected", std::to_string(m_next)}, {"actual", std::to_string(number)}});
    return Expected{m_next, m_lastHash, m_bundle, m_generation};
}

Status CommitPipeline::check(const protocol::Block& block, const Expected& expected) const {
    RETURN_IF_ERROR(verify::verifyBlock(block, expected.number, *expected.bundle));
    if (block.header().previousHash != expected.previousHash)
        return makeError(
            StatusCode::kFailedPrecondition, "PREVIOUS_HASH_DIFFERS",
            fmt::format("it does not follow the block before it: it names {} as that "
                        "block's hash, which is {}.",
                        toHex(block.header().previousHash), toHex(expected.previousHash)));
    return {};
}

Status CommitPipeline::refuse(Status why) {
    std::unique_lock lock(m_mutex);
    const BlockNumber block = m_next;
    const bool first = !m_alarm || m_alarm->block != block;
    Status alarm = advised(why, block, kOtherOrderer);
    m_alarm = Alarm{alarm, block};
    lock.unlock();
    if (first) log::error("peer", fmt::format("{}: {}", m_channel.str(), messageOf(alarm)));
    return alarm;
}

void CommitPipeline::run() {
    for (;;) {
        std::optional<Ready> ready;
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock,
                           [this] { return m_stopping || !m_queue.empty() || !m_tasks.empty(); });
            if (m_stopping) return;
            if (!m_tasks.empty()) {
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            } else {
                ready = std::move(m_queue.front());
                m_queue.pop_front();
                m_queuedBytes -= ready->bytes;
            }
        }
        m_changed.notify_all();
        if (task) {
            task();
            continue;
        }
        work(*std::move(ready));
        m_changed.notify_all();
    }
}

void CommitPipeline::work(Ready ready) {
    const Status done = judgeAndCommit(ready);
    if (done.ok() || reasonOf(done) == "STOPPED") return;
    const BlockNumber number = ready.block.number();
    if (reasonOf(done) == "BLOCK_REFUSED")
        return reset(advised(done, number, kOtherOrderer), number, false);
    reset(advised(done, number,
                  "The channel stands still; what was committed is safe and can be read. See to "
                  "the disk and start the peer again."),
          number, true);
}

/// Goes back to the last committed block, as if nothing behind it had been seen.
void CommitPipeline::reset(Status why, BlockNumber block, bool forGood) {
    setAlarm(why, block);
    const std::lock_guard lock(m_mutex);
    m_queue.clear();
    m_queuedBytes = 0;
    m_configUnderWay = false;
    ++m_generation;
    m_next = m_parts.ledger->height();
    m_lastHash = m_parts.ledger->blocks().lastHash();
    if (m_lastHash.empty() && m_parts.ledger->bootstrap())
        m_lastHash = m_parts.ledger->bootstrap()->lastBlockHash;
    if (forGood)
        m_halted = true;
    else
        m_refused = std::move(why);
}

Status CommitPipeline::judgeAndCommit(Ready& ready) {
    const auto judgingBegan = std::chrono::system_clock::now();
    ASSIGN_OR_RETURN(verify::BlockVerdict verdict, m_validator.validate(ready.prepared));
    RETURN_IF_ERROR(checkHazards(ready, verdict));
    const auto codes = verdict.codes();
    protocol::Block block = protocol::withValidationCodes(ready.block, codes);
    Bytes commitHash;
    if (m_hashing) {
        commitHash =
            protocol::computeCommitHash(codes, verdict.updates.toBatch().serialize(), m_commitHash);
        block = protocol::withCommitHash(block, commitHash);
    }
    ASSIGN_OR_RETURN(auto composed,
                     m_parts.composer->compose(block, ready.prepared.transactions, verdict.updates,
                                               m_parts.ledger->writerView(), *m_validator.bundle(),
                                               m_parts.ledger));
    const auto judged = std::chrono::system_clock::now();
    const auto writingBegan = Clock::now();
    RETURN_IF_ERROR(write(composed));
    m_commitHash = std::move(commitHash);
    ready.checking += judged - judgingBegan;
    finish(ready, verdict, composed, judged, Clock::now() - writingBegan);
    return {};
}

Status CommitPipeline::checkHazards(const Ready& ready, const verify::BlockVerdict& verdict) const {
    for (const verify::Hazard& hazard : verdict.hazards) {
        if (isOrderersFault(hazard))
            return makeError(StatusCode::kFailedPrecondition, "BLOCK_REFUSED", hazard.sentence,
                             {{"hazard", hazard.reason}});
        const std::size_t index = hazard.transaction.value_or(0);
        log::warning("peer",
                     fmt::format("{}: block {}, transaction {}: {} Here it gets the code "
                                 "{}, and the channel goes on.",
                                 m_channel.str(), ready.block.number(), index, hazard.sentence,
                                 nameOf(index < verdict.transactions.size()
                                            ? verdict.transactions[index].code
                                            : ValidationCode::NotValidated)));
    }
    return {};
}

/// Collections go first: should the block not follow, they are recorded again with it.
Status CommitPipeline::writeOnce(const CommitComposer::Composed& composed) {
    for (const auto& [contract, package] : composed.collections)
        RETURN_IF_ERROR(
            m_parts.ledger->recordCollections(contract, composed.commit.block.number(), package));
    return m_parts.ledger->commit(composed.commit);
}

/// Writes the block; a full disk is waited for.
Status CommitPipeline::write(const CommitComposer::Composed& composed) {
    const BlockNumber number = composed.commit.block.number();
    for (bool first = true;; first = false) {
        const Status written = writeOnce(composed);
        if (written.ok() || written.code() != StatusCode::kResourceExhausted) return written;
        if (first)
            setAlarm(advised(written, number,
                             "The channel can be read, but takes no blocks. It goes on by itself "
                             "when there is space again."),
                     number);
        std::unique_lock lock(m_mutex);
        if (m_changed.wait_for(lock, m_parts.retry, [this] { return m_stopping; }))
            return stopped();
    }
}

void CommitPipeline::finish(const Ready& ready, const verify::BlockVerdict& verdict,
                            const CommitComposer::Composed& composed,
                            std::chrono::system_clock::time_point judged, Clock::duration writing) {
    const BlockNumber number = ready.block.number();
    m_validator.committed(verdict);
    const bool definitionsChanged =
        verdict.updates.touches(protocol::kLifecycleNamespace) || verdict.config != nullptr;
    if (verdict.config != nullptr) {
        m_parts.composer->configChanged();
        if (m_parts.signatures != nullptr) m_parts.signatures->clear();
    }
    {
        const std::lock_guard lock(m_mutex);
        if (verdict.config != nullptr) m_bundle = verdict.config;
        if (m_queue.empty()) m_configUnderWay = false;
        // A block behind this one may have been refused meanwhile.
        if (m_alarm && m_alarm->block <= number) m_alarm.reset();
    }
    m_changed.notify_all();

    const auto event = std::make_shared<const CommitEvent>(
        CommitEvent{composed.commit.block, composed.commit.txIds, verdict.codes()});
    count(ready, *event);
    if (m_parts.metrics != nullptr) {
        m_parts.metrics->blockProcessing.observe(
            std::chrono::duration<double>(ready.checking + writing).count(), {m_channel.str()});
        m_parts.metrics->blockCommit.observe(std::chrono::duration<double>(writing).count(),
                                             {m_channel.str()});
    }
    tellFlow(
        ready, *event,
        judged - std::chrono::duration_cast<std::chrono::system_clock::duration>(ready.checking),
        judged, writing);
    if (m_parts.committed) m_parts.committed(event, definitionsChanged);
    // What was not committed in time never will be: the client has given up.
    const bool sweep = number % 100 == 0 && number > m_parts.transientBlocks;
    if (!composed.spent.empty() || sweep) {
        const Status dropped = m_parts.ledger->dropTransient(
            composed.spent,
            number > m_parts.transientBlocks ? number - m_parts.transientBlocks : 0);
        if (!dropped.ok())
            log::warning("peer", fmt::format("{}: transient data are kept for now: {}",
                                             m_channel.str(), messageOf(dropped)));
    }
}

void CommitPipeline::count(const Ready& ready, const CommitEvent& event) const {
    if (m_parts.metrics == nullptr) return;
    m_parts.metrics->height.set(static_cast<double>(event.block.number() + 1), {m_channel.str()});
    for (std::size_t i = 0; i < event.codes.size(); ++i) {
        const auto& tx = ready.prepared.transactions[i].transaction;
        // Names that a client made up must not become labels.
        const bool named = event.codes[i] == ValidationCode::Valid ||
                           event.codes[i] == ValidationCode::MvccReadConflict ||
                           event.codes[i] == ValidationCode::PhantomReadConflict;
        std::string chaincode = "unknown";
        if (named && !tx.actions.empty() && tx.actions.front().chaincodeId)
            chaincode = fmt::format("{}:{}", tx.actions.front().chaincodeId->name,
                                    tx.actions.front().chaincodeId->version);
        m_parts.metrics->transactions.add(1, {m_channel.str(), typeLabel(tx.channelHeader.type),
                                              chaincode, nameOf(event.codes[i])});
    }
}

void CommitPipeline::tellFlow(const Ready& ready, const CommitEvent& event,
                              std::chrono::system_clock::time_point judgingBegan,
                              std::chrono::system_clock::time_point judged,
                              Clock::duration writing) const {
    if (m_parts.flow == nullptr || !m_parts.flow->isWanted()) return;
    for (std::size_t i = 0; i < event.txIds.size(); ++i) {
        if (event.txIds[i].empty()) continue;
        const std::string outcome =
            event.codes[i] == ValidationCode::Valid ? "" : nameOf(event.codes[i]);
        m_parts.flow->publish(
            {FlowStage::Deliver, m_channel, event.txIds[i], ready.arrived, {}, {}});
        m_parts.flow->publish({FlowStage::Validate, m_channel, event.txIds[i], judgingBegan,
                               judged - judgingBegan, outcome});
        m_parts.flow->publish(
            {FlowStage::Commit, m_channel, event.txIds[i], judged, writing, outcome});
    }
}

}  // namespace chancery::node
