#pragma once

#include <span>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/Block.h"
#include "src/protocol/ProposalResponse.h"

namespace chancery::protocol {

/// Header with data hash, envelopes and five empty metadata slots, as raft replicates it.
Block buildBlock(BlockNumber number, BytesView previousHash, std::vector<Bytes> envelopes);

/// Block 0 of a channel: one unsigned CONFIG envelope around `configEnvelope` (ConfigEnvelope
/// bytes), fact sheet A §4.6.
Result<Block> buildGenesisBlock(const ChannelId& channel, BytesView configEnvelope, BytesView nonce,
                                absl::Time timestamp);

/// consenter metadata of a raft orderer: Metadata{value = etcdraft.BlockMetadata}.
Bytes encodeRaftMetadata(const RaftMetadata& metadata);
/// OrdererBlockMetadata{last_config, consenter_metadata}: first part of what orderers sign.
Bytes encodeOrdererValue(BlockNumber lastConfig, BytesView consenterMetadata);

/// The same block with slots 0 and 1 written by one raft orderer (fact sheet A §5.3). The error is
/// the signer's.
Result<Block> signBlock(const Block& block, BlockNumber lastConfig, BytesView consenterMetadata,
                        BytesView creator, BytesView nonce, const Signer& signer);

/// The same block with one metadata slot replaced (missing slots before it become empty).
Block withMetadata(const Block& block, MetadataSlot slot, BytesView entry);
/// Slot 2 written by a peer.
Block withValidationCodes(const Block& block, std::span<const ValidationCode> codes);
/// Slot 4 written by a peer.
Block withCommitHash(const Block& block, BytesView hash);

}  // namespace chancery::protocol
