#include "node/orderer/BlockWriter.h"

#include "fabric/common/configtx.pb.h"
#include "src/protocol/BlockBuilder.h"

namespace chancery::node {
namespace {

constexpr std::size_t kNonceBytes = 24;

bool isSame(const channel::Consenter& a, const channel::Consenter& b) {
    return a.clientTlsPem == b.clientTlsPem && a.serverTlsPem == b.serverTlsPem;
}

bool contains(const std::vector<channel::Consenter>& list, const channel::Consenter& one) {
    return std::any_of(list.begin(), list.end(),
                       [&one](const channel::Consenter& other) { return isSame(one, other); });
}

protocol::RaftMetadata firstIds(std::size_t consenters) {
    protocol::RaftMetadata raft;
    for (std::size_t i = 1; i <= consenters; ++i) raft.consenterIds.push_back(i);
    raft.nextConsenterId = consenters + 1;
    return raft;
}

}  // namespace

Result<ChainTip> tipOf(const protocol::Block& newest, const channel::Bundle& bundle) {
    ChainTip tip;
    tip.height = newest.number() + 1;
    tip.lastHash = newest.header().hash();
    if (newest.isConfigBlock()) {
        tip.lastConfig = newest.number();
    } else {
        ASSIGN_OR_RETURN(tip.lastConfig, newest.lastConfig());
    }
    ASSIGN_OR_RETURN(const auto metadata, newest.ordererMetadata());
    if (!metadata.consenterMetadata.empty()) {
        ASSIGN_OR_RETURN(tip.raft, protocol::decodeRaftMetadata(metadata.consenterMetadata));
    }
    if (tip.raft.consenterIds.size() != bundle.consenters().size()) {
        const auto index = tip.raft.raftIndex;
        tip.raft = firstIds(bundle.consenters().size());
        tip.raft.raftIndex = index;
    }
    return tip;
}

protocol::RaftMetadata withConsenters(const protocol::RaftMetadata& before,
                                      const std::vector<channel::Consenter>& old,
                                      const std::vector<channel::Consenter>& now) {
    if (before.consenterIds.size() != old.size()) return firstIds(now.size());
    std::vector<std::uint64_t> freed;
    for (std::size_t i = 0; i < old.size(); ++i)
        if (!contains(now, old[i])) freed.push_back(before.consenterIds[i]);
    const auto added = std::count_if(now.begin(), now.end(),
                                     [&old](const auto& one) { return !contains(old, one); });
    const bool isRotation = added == 1 && freed.size() == 1;

    protocol::RaftMetadata after = before;
    after.consenterIds.clear();
    for (const channel::Consenter& one : now) {
        const auto known = std::find_if(old.begin(), old.end(),
                                        [&one](const auto& other) { return isSame(one, other); });
        if (known != old.end())
            after.consenterIds.push_back(
                before.consenterIds[static_cast<std::size_t>(known - old.begin())]);
        else
            after.consenterIds.push_back(isRotation ? freed.front() : after.nextConsenterId++);
    }
    return after;
}

Result<channel::BundlePtr> bundleOf(const protocol::Block& block, const channel::Bundle* previous) {
    if (block.transactionCount() != 1 || !block.isConfigBlock())
        return makeError(StatusCode::kInvalidArgument, "NOT_A_CONFIG_BLOCK",
                         "block is not a config block");
    const auto transaction = block.transaction(0);
    if (!transaction.config || !transaction.config->hasConfig)
        return makeError(StatusCode::kInvalidArgument, "NOT_A_CONFIG_BLOCK",
                         "block holds no configuration that can be read");
    return channel::Bundle::fromConfig(ChannelId(std::string(transaction.channelHeader.channelId)),
                                       transaction.config->message->config(), previous);
}

Result<WrittenBlock> writeBlock(const ChainTip& tip, const channel::BundlePtr& bundle,
                                std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index,
                                const identity::SigningIdentity& signer, Random& random) {
    const protocol::Block draft =
        protocol::buildBlock(tip.height, tip.lastHash, std::move(envelopes));
    ChainTip next = tip;
    next.height = tip.height + 1;
    next.lastHash = draft.header().hash();
    next.raft.raftIndex = index;
    channel::BundlePtr brought;
    if (isConfig) {
        ASSIGN_OR_RETURN(brought, bundleOf(draft, bundle.get()));
        next.lastConfig = tip.height;
        next.raft = withConsenters(next.raft, bundle->consenters(), brought->consenters());
    }
    // As Fabric: ids as they are after the block.
    ASSIGN_OR_RETURN(
        protocol::Block block,
        protocol::signBlock(draft, next.lastConfig, protocol::encodeRaftMetadata(next.raft),
                            signer.serialized(), random.bytes(kNonceBytes),
                            [&signer](BytesView message) { return signer.sign(message); }));
    return WrittenBlock{std::move(block), std::move(next), std::move(brought)};
}

}  // namespace chancery::node
