#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "node/peer/CommitPipeline.h"
#include "node/peer/GatewayOrderers.h"
#include "node/peer/OrderingService.h"

namespace chancery::node {

/// Keeps a channel's pipeline supplied: asks one orderer for all blocks that follow, and the next
/// one when that one is gone, silent or gives a bad block. Runs a thread until it is stopped.
class BlockPuller {
public:
    struct Options {
        std::chrono::milliseconds firstPause{100};  ///< after a failure; doubles with each
        std::chrono::milliseconds longestPause{10'000};
        std::chrono::milliseconds pauseAfterBadBlock{2'000};  ///< at least, for that orderer
        /// A stream that says nothing for so long is opened anew at another orderer, if there is
        /// one.
        std::chrono::milliseconds silence{120'000};
        /// Taken instead of the configuration's; their TLS roots too when they have any.
        std::vector<channel::OrdererEndpoint> orderers;
        /// Address in the configuration → where that orderer is reached from here.
        std::map<std::string, OrdererOverride> overrides;
        std::uint64_t seed = std::random_device()();
    };
    struct Status {
        std::string orderer;       ///< that blocks come from; empty when there is none
        std::string problem;       ///< the last failure; empty when all is well
        std::size_t failures = 0;  ///< since blocks last came
    };

    BlockPuller(CommitPipeline& pipeline, OrderingService& orderers, Options options);
    /// As stop().
    ~BlockPuller();

    Status status() const;
    /// Returns when the thread has ended: soon.
    void stop();

private:
    using Clock = std::chrono::steady_clock;
    /// What is known of one orderer.
    struct Record {
        std::size_t failures = 0;
        Clock::time_point notBefore{};
    };

    void run(const std::stop_token& stop);
    std::vector<channel::OrdererEndpoint> candidates() const;
    std::optional<channel::OrdererEndpoint> choose(const std::stop_token& stop);
    chancery::Status pullFrom(const channel::OrdererEndpoint& orderer, const std::stop_token& stop);
    void note(const channel::OrdererEndpoint& orderer, const chancery::Status& ended);
    bool pause(const std::stop_token& stop, Clock::time_point until);

    CommitPipeline& m_pipeline;
    OrderingService& m_orderers;
    const Options m_options;
    const ChannelId m_channel;
    std::mt19937_64 m_random;
    std::map<std::string, Record> m_records;  // by address; the thread's own

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    Status m_status;
    std::jthread m_thread;
};

}  // namespace chancery::node
