#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "node/ledger/ChannelLedger.h"
#include "node/peer/CommitComposer.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerMetrics.h"
#include "node/peer/SignatureMemory.h"
#include "node/role/FlowEvents.h"
#include "src/base/TaskPool.h"
#include "src/channel/Bundle.h"
#include "src/verify/Validator.h"

namespace chancery::node {

/// The way of a channel's blocks into its ledger: checked, judged, written, in their order. While
/// one block is judged and written by the committing thread, the signatures of the next one are
/// checked on all threads; a block behind a configuration waits for it.
///
/// Where peers of Fabric stop: a transaction of a client never stops this one, it gets a validation
/// code. A block that only a faulty orderer can have made is refused and leaves no trace; the
/// channel stands still with an alarm until somebody gives a good one.
class CommitPipeline {
public:
    struct Parts {
        ChannelLedger* ledger = nullptr;  ///< outlives the pipeline; it alone commits
        channel::BundlePtr bundle;        ///< in force after the newest block
        std::shared_ptr<CommitComposer> composer;
        TaskPool* pool = nullptr;               ///< shared by all channels
        SignatureMemory* signatures = nullptr;  ///< may be null
        FlowEvents* flow = nullptr;             ///< may be null
        PeerMetrics* metrics = nullptr;         ///< may be null
        /// Called after each commit on the committing thread.
        std::function<void(std::shared_ptr<const CommitEvent>, bool definitionsChanged)> committed;
        /// How long a full disk is left alone before the block is tried again.
        std::chrono::milliseconds retry{1000};
        /// Blocks that are held since their endorsement are given up after so many blocks.
        BlockNumber transientBlocks = 1000;
    };

    explicit CommitPipeline(Parts parts);
    /// As stop().
    ~CommitPipeline();
    CommitPipeline(const CommitPipeline&) = delete;
    CommitPipeline& operator=(const CommitPipeline&) = delete;

    /// Number of the block that accept() waits for.
    BlockNumber next() const;
    /// Takes the next block: it is checked when this returns, and committed soon. Waits while too
    /// many are under way. One thread at a time. Errors, after which next() says how to go on:
    ///   those of verify::verifyBlock; FAILED_PRECONDITION (PREVIOUS_HASH_DIFFERS): the block is no
    ///     good, whoever gave it should not be asked again soon
    ///   OUT_OF_RANGE (OUT_OF_ORDER): another number than next(), nothing else was looked at
    ///   FAILED_PRECONDITION (BLOCK_REFUSED): an earlier block that was accepted could not be
    ///     committed; asked for anew from somebody else
    ///   CANCELLED (STOPPED); UNAVAILABLE (CHANNEL_HALTED): nothing is taken until a restart
    Status accept(protocol::Block block);

    channel::BundlePtr bundle() const;
    /// Why nothing is committed, when that is so. Gone when the block that it is about is
    /// committed.
    std::optional<Status> alarm() const;

    /// Runs on the committing thread between two blocks. Never, when the pipeline has stopped.
    void betweenBlocks(std::function<void()> task);

    /// Ends the committing thread after the block that it is at; what waits is dropped.
    void stop();

private:
    using Clock = std::chrono::steady_clock;
    struct Ready {
        verify::PreparedBlock prepared;
        protocol::Block block;
        std::chrono::system_clock::time_point arrived;
        std::chrono::nanoseconds checking{0};
        std::size_t bytes = 0;
    };
    struct Alarm {
        Status status;
        BlockNumber block = 0;
    };
    struct Expected {
        BlockNumber number = 0;
        Bytes previousHash;
        channel::BundlePtr bundle;
        std::uint64_t generation = 0;
    };

    Result<Expected> awaitTurn(BlockNumber number);
    Status check(const protocol::Block& block, const Expected& expected) const;
    Status refuse(Status why);
    void run();
    void work(Ready ready);
    Status judgeAndCommit(Ready& ready);
    Status checkHazards(const Ready& ready, const verify::BlockVerdict& verdict) const;
    Status writeOnce(const CommitComposer::Composed& composed);
    Status write(const CommitComposer::Composed& composed);
    void finish(const Ready& ready, const verify::BlockVerdict& verdict,
                const CommitComposer::Composed& composed,
                std::chrono::system_clock::time_point judged, Clock::duration writing);
    void tellFlow(const Ready& ready, const CommitEvent& event,
                  std::chrono::system_clock::time_point judgingBegan,
                  std::chrono::system_clock::time_point judged, Clock::duration writing) const;
    void count(const Ready& ready, const CommitEvent& event) const;
    void reset(Status why, BlockNumber block, bool forGood);
    void setAlarm(Status status, BlockNumber block);

    Parts m_parts;
    ChannelId m_channel;
    verify::Validator m_validator;
    Bytes m_commitHash;
    bool m_hashing = true;  // false for a ledger that began without commit hashes

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    channel::BundlePtr m_bundle;
    std::deque<Ready> m_queue;
    std::deque<std::function<void()>> m_tasks;
    std::size_t m_queuedBytes = 0;
    bool m_configUnderWay = false;
    BlockNumber m_next = 0;
    Bytes m_lastHash;
    std::uint64_t m_generation = 0;
    std::optional<Status> m_refused;  // to be told by the next accept()
    std::optional<Alarm> m_alarm;
    bool m_halted = false;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace chancery::node
