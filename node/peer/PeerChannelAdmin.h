#pragma once

#include "node/chaincode/ContractExecutor.h"
#include "node/peer/JoinedChannels.h"
#include "node/role/ChannelAdmin.h"

namespace chancery::node {

/// Whether a peer may begin a channel with the block: the checks of cscc before it asks who wants
/// it. INVALID_ARGUMENT (BAD_JOIN_BLOCK); the sentence is what Fabric says behind "because of".
Status checkPeerJoinBlock(const protocol::Block& block);

/// The channels of a peer for its administrator. Thread-safe.
class PeerChannelAdmin final : public ChannelAdmin {
public:
    /// Both must outlive it.
    PeerChannelAdmin(JoinedChannels& channels, const ContractExecutor& executor)
        : m_channels(channels), m_executor(executor) {}

    std::vector<ChannelId> ids() const override;
    Result<AdminChannel> describe(const ChannelId& channel) override;
    /// As cscc's JoinChain does after its checks.
    Result<Joined> join(BytesView block) override;
    Result<bool> leave(const ChannelId& channel) override;

private:
    std::vector<AdminContract> contractsOf(PeerChannel& channel) const;

    JoinedChannels& m_channels;
    const ContractExecutor& m_executor;
};

}  // namespace chancery::node
