#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "node/ledger/Listeners.h"
#include "node/peer/CommitPipeline.h"
#include "node/peer/PeerChannel.h"

namespace chancery::node {

/// What all channels of a peer have in common; outlives them.
struct PeerServices {
    Bytes identity;  ///< the peer's own SerializedIdentity
    TaskPool* pool = nullptr;
    SignatureMemory* signatures = nullptr;
    FlowEvents* flow = nullptr;      ///< may be null
    PeerMetrics* metrics = nullptr;  ///< may be null
    std::chrono::milliseconds diskRetry{1000};
    /// Called on the committing thread when a block has changed a contract's definition or an
    /// approval, or the configuration; the new state can be read then.
    std::function<void(const std::shared_ptr<ExecutionChannel>&)> definitionsChanged;
};

/// A channel with its ledger open. Thread-safe.
class JoinedChannel final : public PeerChannel, public std::enable_shared_from_this<JoinedChannel> {
public:
    using LedgerOpener =
        std::function<Result<std::unique_ptr<ChannelLedger>>(const ChannelLedger::Replay&)>;

    /// Opens the ledger, replays what its database lacks and loads the configuration.
    /// FAILED_PRECONDITION (EMPTY_LEDGER) when it holds no block and no snapshot; errors of the
    /// ledger; DATA_LOSS (LEDGER_DAMAGED).
    static Result<std::shared_ptr<JoinedChannel>> open(const ChannelId& channel,
                                                       const LedgerOpener& opener,
                                                       const PeerServices& services);
    /// Writes the first block into an empty ledger. INVALID_ARGUMENT (BAD_GENESIS, OTHER_CHANNEL,
    /// DATA_HASH_DIFFERS); errors of the ledger.
    static Status begin(const ChannelId& channel, ChannelLedger& ledger,
                        const protocol::Block& genesis);
    /// Notes in a ledger that was made from the snapshot what is missing: private data of
    /// collections of which `identity` (SerializedIdentity) is a member, for a snapshot has only
    /// their hashes. Errors of both.
    static Status noteMissing(const ChannelId& channel, ChannelLedger& ledger,
                              const protocol::Snapshot& snapshot, BytesView identity);
    ~JoinedChannel() override;

    const ChannelId& channelId() const override { return m_channel; }
    channel::BundlePtr bundle() const override { return m_pipeline->bundle(); }
    BlockNumber height() const override { return m_height.load(std::memory_order_acquire); }
    Result<std::unique_ptr<StateView>> view() override { return m_ledger->view(); }
    void whenViewable(std::function<void()> go) override { m_ledger->whenViewable(std::move(go)); }
    Status checkPolicy(std::string_view policyPath, BytesView creator) const override;

    BlockNumber firstBlock() const override { return m_ledger->blocks().firstBlock(); }
    Result<protocol::Block> read(BlockNumber number) const override {
        return m_ledger->blocks().read(number);
    }
    [[nodiscard]] Subscription onHeight(std::function<void(BlockNumber)> listener) override {
        return m_onHeight.add(std::move(listener));
    }
    bool isClosed() const override { return m_closed; }

    ChannelLedger& ledger() override { return *m_ledger; }
    Result<std::optional<protocol::ChaincodeDefinition>> definition(
        std::string_view contract) override;
    Result<std::vector<std::string>> contracts() override;
    [[nodiscard]] Subscription onCommit(
        std::function<void(std::shared_ptr<const CommitEvent>)> listener) override {
        return m_onCommit.add(std::move(listener));
    }
    std::optional<Status> alarm() const override { return m_pipeline->alarm(); }

    CommitPipeline& pipeline() { return *m_pipeline; }
    /// Called before onCommit's listeners, on the committing thread; blocks the next commit. Set
    /// before the first block is accepted.
    void setAfterCommit(std::function<void(BlockNumber)> hook) { m_afterCommit = std::move(hook); }

    /// Commits no more; streams end.
    void close();

private:
    JoinedChannel(ChannelId channel, std::unique_ptr<ChannelLedger> ledger)
        : m_channel(std::move(channel)), m_ledger(std::move(ledger)) {}
    void committed(const std::shared_ptr<const CommitEvent>& event, bool definitionsChanged);

    using Definition = Result<std::optional<protocol::ChaincodeDefinition>>;

    const ChannelId m_channel;
    std::unique_ptr<ChannelLedger> m_ledger;
    std::unique_ptr<CommitPipeline> m_pipeline;
    std::atomic<BlockNumber> m_height = 0;
    std::atomic<bool> m_closed = false;
    Listeners<BlockNumber> m_onHeight;
    Listeners<std::shared_ptr<const CommitEvent>> m_onCommit;
    std::function<void(BlockNumber)> m_afterCommit;
    std::function<void(const std::shared_ptr<ExecutionChannel>&)> m_definitionsChanged;

    std::mutex m_definitionsMutex;
    std::uint64_t m_definitionsGeneration = 0;
    std::map<std::string, std::optional<protocol::ChaincodeDefinition>, std::less<>> m_definitions;
};

/// Whether an identity that was verified before satisfies a policy of the configuration.
/// PERMISSION_DENIED: POLICY_NOT_SATISFIED, NO_SUCH_POLICY; errors of MspSet::deserialize.
Status checkChannelPolicy(const channel::Bundle& bundle, std::string_view policyPath,
                          BytesView creator);

}  // namespace chancery::node
