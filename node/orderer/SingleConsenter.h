#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "node/orderer/BlockCutter.h"
#include "node/orderer/Consenter.h"
#include "node/orderer/OrdererMetrics.h"
#include "node/orderer/WriteAheadLog.h"

namespace chancery::node {

/// The order of one orderer alone. Envelopes that arrive together are made durable together, then
/// acknowledged, then cut into blocks; what the log holds and no block has, a restart takes up
/// again. One thread of its own.
class SingleConsenter final : public Consenter {
public:
    struct Options {
        std::filesystem::path folder;  ///< of the log
        Disk* disk = nullptr;
        std::uint64_t logFileBytes = 4U << 20;
        /// Envelopes that wait; more are refused.
        std::size_t maxQueuedBytes = 64U << 20;
        /// How long to wait for space on the disk before the next try.
        std::chrono::milliseconds retryAfter{1000};
        std::shared_ptr<OrdererMetrics> metrics;  ///< may be null
    };

    /// `channel` must outlive it; `name` is the channel's.
    SingleConsenter(ConsenterChannel& channel, std::string name, Options options);
    ~SingleConsenter() override;

    /// Errors of WriteAheadLog.
    Status start() override;
    Status ready() const override;
    void order(Submission submission) override;
    void halt() override;

private:
    using Clock = std::chrono::steady_clock;

    void run();
    std::vector<Submission> takeRound();
    void process(std::vector<Submission> round);
    Status append(const std::vector<Submission>& round, std::uint64_t& first);
    void order(OrderedEnvelope envelope, bool isConfig, Clock::time_point received);
    void beginBatch(Clock::time_point received, const channel::Bundle& bundle);
    void prepareBeforeTimeout();
    void cutAfterTimeout();
    void write(std::vector<Batch> batches);
    void writeBacklog();
    void setTrouble(const Status& trouble, bool isFinal);
    Clock::time_point nextTimer() const;

    ConsenterChannel& m_channel;
    const std::string m_name;
    const Options m_options;
    std::unique_ptr<WriteAheadLog> m_log;

    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<Submission> m_queue;
    std::size_t m_queuedBytes = 0;
    bool m_halting = false;
    bool m_isFinal = false;  ///< m_trouble does not pass
    Status m_trouble;        ///< why nothing is taken

    // Of the consenter's thread.
    BlockCutter m_cutter;
    std::deque<Batch> m_backlog;  ///< ordered, but cannot be written now
    bool m_hasUnwritten = false;  ///< the channel keeps a block that could not be stored
    Clock::time_point m_pendingSince;
    Clock::time_point m_cutAt;
    bool m_isPrepared = false;  ///< what was pending shortly before m_cutAt
    Clock::time_point m_retryAt;

    std::thread m_thread;
};

}  // namespace chancery::node
