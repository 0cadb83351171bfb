#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <vector>

#include "node/orderer/OrdererChannel.h"
#include "src/base/Descriptor.h"

namespace chancery::node {

/// The channel that a join block is for. INVALID_ARGUMENT (BAD_JOIN_BLOCK): not a configuration
/// block, other data than the header says, not an application channel, a bad name.
Result<ChannelId> checkJoinBlock(const protocol::Block& block);

/// The channels of an orderer. Thread-safe.
class Registrar {
public:
    struct Options {
        std::filesystem::path folder;
        BlockPull pull;
        std::chrono::milliseconds firstBackOff{100};
        std::chrono::milliseconds lastBackOff{10'000};
    };

    Registrar(OrdererContextPtr context, Options options);
    ~Registrar();

    /// Opens the channels that are there. One that cannot be opened is failed and keeps no other
    /// from running. FAILED_PRECONDITION (IN_USE) when another process has the folder.
    Status start();
    /// All channels take part no more.
    void halt();

    /// Sorted. Those that are being removed too.
    std::vector<ChannelInfo> list() const;
    std::optional<ChannelInfo> info(const ChannelId& channel) const;
    /// Null when there is none that runs.
    OrdererChannelPtr find(const ChannelId& channel) const;
    /// For Deliver: null until its join block is there.
    BlockFeedPtr feed(const ChannelId& channel) const;
    /// What is out of order with the channels; OK when nothing is.
    Status health() const;
    /// The same of one channel.
    Status health(const ChannelId& channel) const;

    /// ALREADY_EXISTS; ABORTED (PENDING_REMOVAL); INVALID_ARGUMENT and errors of
    /// OrdererChannel::open, after which nothing is left of it.
    Result<ChannelInfo> join(const protocol::Block& block);
    /// Its blocks too. NOT_FOUND; ABORTED (PENDING_REMOVAL).
    Status remove(const ChannelId& channel);

private:
    struct Entry {
        OrdererChannelPtr channel;  ///< null: failed
        Status error;
    };

    Status lock();
    std::filesystem::path folderOf(const ChannelId& channel) const;
    Result<OrdererChannelPtr> open(const ChannelId& channel);
    void discard(const std::filesystem::path& folder);
    void tellMetrics(const OrdererChannel& channel) const;

    const OrdererContextPtr m_context;
    const Options m_options;
    Descriptor m_lock;
    mutable std::shared_mutex m_mutex;
    std::map<ChannelId, Entry> m_channels;
    std::set<ChannelId> m_changing;  ///< are being joined
    std::set<ChannelId> m_removing;
};

}  // namespace chancery::node
