#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>

#include "node/peer/BlockPuller.h"
#include "node/peer/JoinedChannel.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/SnapshotRequests.h"

namespace chancery::node {

/// All channels of a peer, each in a folder of its own below `<data>/channels`. Thread-safe.
class JoinedChannels final : public PeerChannels {
public:
    struct Options {
        std::filesystem::path folder;     ///< of the peer's data
        std::filesystem::path snapshots;  ///< root of completed snapshots
        ChannelLedger::Options ledger;
        BlockPuller::Options puller;
        /// For tests: asked between the steps of leaving; an error from there is as if the process
        /// had ended.
        std::function<Status(std::string_view step)> reached = {};
    };
    /// How ledgers are made; the usual ones are those of node/ledger.
    struct Ledgers {
        std::function<Result<std::unique_ptr<ChannelLedger>>(
            const std::filesystem::path&, const ChannelId&, const ChannelLedger::Options&,
            const ChannelLedger::Replay&)>
            open = ChannelLedger::open;
        std::function<Result<std::unique_ptr<ChannelLedger>>(
            const std::filesystem::path&, const protocol::Snapshot&, const ChannelLedger::Options&)>
            createFromSnapshot = ChannelLedger::createFromSnapshot;
    };
    /// Called with each channel before its first block is committed here.
    using Opened = std::function<void(const std::shared_ptr<JoinedChannel>&)>;

    /// `orderers` null: no blocks are pulled.
    JoinedChannels(Options options, PeerServices services, OrderingService* orderers,
                   Ledgers ledgers, Opened opened = {});
    ~JoinedChannels() override;

    /// Opens the channels of earlier runs. One that cannot be opened is left out, with a line in
    /// the log and an entry in failures(); what a crash left of a join is cleared away, and leaving
    /// that it interrupted is done.
    Status openAll();

    /// Joins with a first block. ALREADY_EXISTS (CHANNEL_EXISTS), INVALID_ARGUMENT (BAD_CHANNEL_ID
    /// and those of JoinedChannel::begin), errors of the ledger.
    Status join(const protocol::Block& genesis);
    /// Begins to join from a snapshot folder; goes on in the background. FAILED_PRECONDITION
    /// (JOIN_RUNNING) while another one does.
    Status joinBySnapshot(const std::filesystem::path& folder);
    /// The folder of the snapshot that is being joined from; empty when there is none.
    std::string joiningSnapshot() const;

    /// Removes the channel with everything that the ledger's folder has of it; snapshots that were
    /// made of it stay. True when there was one. Durable before anything is lost: a crash leaves
    /// the channel whole, or the next start goes on. INVALID_ARGUMENT (BAD_CHANNEL_ID), ABORTED
    /// (PENDING_REMOVAL), errors of the disk.
    Result<bool> leave(const ChannelId& channel);

    PeerChannelPtr find(const ChannelId& channel) const override;
    std::vector<ChannelId> ids() const override;
    std::shared_ptr<JoinedChannel> joined(const ChannelId& channel) const;
    /// Null for an unknown channel.
    std::shared_ptr<SnapshotRequests> snapshots(const ChannelId& channel) const;
    std::optional<BlockPuller::Status> puller(const ChannelId& channel) const;
    /// Channels that could not be opened.
    std::map<ChannelId, Status> failures() const;

    /// Pulls and commits no more; streams end.
    void stop();

private:
    struct Entry {
        std::shared_ptr<JoinedChannel> channel;
        std::shared_ptr<SnapshotRequests> snapshots;
        std::unique_ptr<BlockPuller> puller;
    };
    std::filesystem::path folderOf(const ChannelId& channel) const;
    std::filesystem::path markerOf(const ChannelId& channel) const;
    std::filesystem::path leavingOf(const ChannelId& channel) const;
    Status reached(std::string_view step) const;
    Status clear(const ChannelId& channel);
    Status claim(const ChannelId& channel);
    void release(const ChannelId& channel);
    Status openOne(const ChannelId& channel);
    Status start(const ChannelId& channel, std::unique_ptr<ChannelLedger> ledger);
    Status startWith(std::shared_ptr<JoinedChannel> channel);
    Status makeFromSnapshot(const std::filesystem::path& folder);

    const Options m_options;
    const PeerServices m_services;
    OrderingService* m_orderers;
    const Ledgers m_ledgers;
    const Opened m_opened;

    mutable std::shared_mutex m_mutex;
    std::map<ChannelId, Entry> m_channels;
    std::map<ChannelId, Status> m_failures;
    std::set<ChannelId> m_claimed;  // being joined
    std::set<ChannelId> m_leaving;
    std::string m_joiningSnapshot;
    bool m_stopping = false;
    std::thread m_joiner;
};

/// Fabric's rule: a lower-case letter, then lower-case letters, digits, dots and dashes; at most
/// 249. INVALID_ARGUMENT (BAD_CHANNEL_ID).
Status checkChannelId(std::string_view channel);

}  // namespace chancery::node
