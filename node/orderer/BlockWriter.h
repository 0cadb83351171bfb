#pragma once

#include <optional>
#include <vector>

#include "src/base/Random.h"
#include "src/channel/Bundle.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Block.h"

namespace chancery::node {

/// The last thing that a chain of blocks says about itself: what the next block is made from.
struct ChainTip {
    BlockNumber height = 0;
    Bytes lastHash;              ///< of the newest block's header
    BlockNumber lastConfig = 0;  ///< number of the configuration block in force
    protocol::RaftMetadata raft;
};

/// From the newest block of a raft channel and the configuration that is in force with it.
Result<ChainTip> tipOf(const protocol::Block& newest, const channel::Bundle& bundle);

/// Ids of consenters after a change of their set: each keeps its own, one that takes another's
/// place with new certificates keeps that one's, a new one gets the next (fact sheet A §6.6).
protocol::RaftMetadata withConsenters(const protocol::RaftMetadata& before,
                                      const std::vector<channel::Consenter>& old,
                                      const std::vector<channel::Consenter>& now);

/// A block that is ready to be stored, and what holds once it is.
struct WrittenBlock {
    protocol::Block block;
    ChainTip tip;
    channel::BundlePtr bundle;  ///< that it brings; null unless it is a configuration block
};

/// Makes the next block of a channel, signed by this orderer, as a raft orderer does (fact sheet A
/// §5.3). For a configuration the errors of Bundle::fromConfig; else those of the signer.
Result<WrittenBlock> writeBlock(const ChainTip& tip, const channel::BundlePtr& bundle,
                                std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index,
                                const identity::SigningIdentity& signer, Random& random);

/// The configuration that a configuration block brings. INVALID_ARGUMENT (NOT_A_CONFIG_BLOCK);
/// errors of Bundle::fromConfig.
Result<channel::BundlePtr> bundleOf(const protocol::Block& block,
                                    const channel::Bundle* previous = nullptr);

}  // namespace chancery::node
