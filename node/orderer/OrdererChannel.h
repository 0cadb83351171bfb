#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "node/deliver/BlockFeed.h"
#include "node/deliver/HeightListeners.h"
#include "node/ledger/BlockStore.h"
#include "node/orderer/BlockPull.h"
#include "node/orderer/BlockWriter.h"
#include "node/orderer/ChannelInfo.h"
#include "node/orderer/Consenter.h"
#include "node/orderer/MessageFilter.h"
#include "node/orderer/OrdererContext.h"
#include "src/protocol/SharedBytes.h"

namespace common {
class Envelope;
}

namespace chancery::node {

/// One channel of an orderer: its blocks, its configuration, and its part in the ordering. As a
/// consenter it takes envelopes and writes blocks; as a follower it copies them from the channel's
/// other orderers, and becomes a consenter when a configuration says so. Thread-safe.
class OrdererChannel final : public BlockFeed, private ConsenterChannel {
public:
    struct Options {
        /// "blocks", "order" and, until its block is there, "join.block" stand in it.
        std::filesystem::path folder;
        BlockPull pull;  ///< for followers
        std::chrono::milliseconds firstBackOff{100};
        std::chrono::milliseconds lastBackOff{10'000};
    };

    /// Opens the channel that stands in the folder; `join` is its join block when that is not in
    /// the ledger yet. Errors of BlockStore, SingleConsenter and bundleOf; INVALID_ARGUMENT
    /// (UNSUPPORTED_CONSENSUS).
    static Result<std::shared_ptr<OrdererChannel>> open(OrdererContextPtr context,
                                                        const ChannelId& channel,
                                                        const Options& options,
                                                        std::optional<protocol::Block> join);
    ~OrdererChannel() override;

    const ChannelId& channelId() const { return m_channelId; }
    ChannelInfo info() const;
    /// Why it does not go on; OK when it does.
    Status health() const;

    /// `checked` is when the filters were passed, or the moment of the refusal.
    using Done = std::function<void(const Status&, std::chrono::steady_clock::time_point checked)>;
    /// Checks an envelope and puts it into the order. `done` is called once, on any thread, perhaps
    /// before this returns. `bytes` is the envelope that `message` refers to.
    void broadcast(const protocol::SharedBytes& bytes, const BroadcastMessage& message, Done done);

    /// Takes part no more; nothing changes in the folder after it returns.
    void halt();

    // BlockFeed
    BlockNumber height() const override { return m_height.load(std::memory_order_acquire); }
    BlockNumber firstBlock() const override { return 0; }
    Result<protocol::Block> read(BlockNumber number) const override;
    Subscription onHeight(std::function<void(BlockNumber)> listener) override {
        return m_listeners.add(std::move(listener));
    }
    channel::BundlePtr bundle() const override;
    bool isClosed() const override { return m_closed.load(std::memory_order_acquire); }
    bool isInError() const override;

private:
    OrdererChannel(OrdererContextPtr context, ChannelId channel, Options options);

    Status openStore();
    Status openTip();
    Status begin();
    Status startConsenter();
    void startFollower();
    bool mayConsent(const channel::Bundle& bundle) const;

    Result<Submission> submissionOf(const protocol::SharedBytes& bytes,
                                    const BroadcastMessage& message);
    Result<Submission> configSubmission(const ::common::Envelope& update, BytesView updateBytes);

    // ConsenterChannel; only the consenter's thread changes the tip while there is one.
    std::uint64_t lastIndex() const override { return m_tip.raft.raftIndex; }
    Status readmit(Submission& submission) override;
    void prepare(const std::vector<Bytes>& envelopes, std::uint64_t index) override;
    Status write(std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index) override;
    Status retry() override;
    void publish(const WrittenBlock& written);
    void tellFlow(const protocol::Block& block) const;
    void tellMetrics() const;

    // The follower's thread.
    void follow(std::stop_token stop);
    Status take(const protocol::Block& block);
    Status checkPulled(const protocol::Block& block) const;
    Status startAgain();
    void setState(ConsensusRelation relation, ChannelStatus status, Status trouble = {});

    const OrdererContextPtr m_context;
    const ChannelId m_channelId;
    const Options m_options;
    std::optional<protocol::Block> m_join;  ///< until it is in the ledger
    Bytes m_joinHash;

    std::shared_ptr<BlockStore> m_store;
    ChainTip m_tip;
    /// A block that was made ahead, of one configuration and so many envelopes.
    struct Prepared {
        WrittenBlock written;
        channel::BundlePtr bundle;
        std::size_t envelopes = 0;
    };
    std::optional<Prepared> m_prepared;
    std::optional<WrittenBlock> m_unwritten;
    std::chrono::steady_clock::time_point m_writeBegan;

    mutable std::mutex m_mutex;  ///< for the ones below
    channel::BundlePtr m_bundle;
    ConsensusRelation m_relation = ConsensusRelation::Follower;
    ChannelStatus m_status = ChannelStatus::Inactive;
    Status m_trouble;
    std::shared_ptr<Consenter> m_consenter;

    std::atomic<BlockNumber> m_height = 0;
    std::atomic<bool> m_closed = false;
    std::atomic<bool> m_isEvicted = false;  ///< was a consenter, takes nothing more
    HeightListeners m_listeners;
    std::condition_variable_any m_pause;
    std::jthread m_follower;
};

using OrdererChannelPtr = std::shared_ptr<OrdererChannel>;

}  // namespace chancery::node
