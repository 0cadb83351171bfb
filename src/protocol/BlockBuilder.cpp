#include "src/protocol/BlockBuilder.h"

#include <fabric/common/common.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>

#include <deque>

#include "src/crypto/Digest.h"
#include "src/protocol/TxId.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

/// Keeps what a built block refers to.
struct Parts {
    std::shared_ptr<const void> base;  ///< of a block that was changed
    std::deque<Bytes> bytes;           ///< does not move its elements

    BytesView keep(BytesView part) { return bytes.emplace_back(part); }
};

std::vector<BytesView> withSlot(const Block& block, MetadataSlot slot, BytesView entry) {
    std::vector<BytesView> metadata = block.metadataEntries();
    const auto index = static_cast<std::size_t>(slot);
    if (metadata.size() <= index) metadata.resize(index + 1);
    metadata[index] = entry;
    return metadata;
}

}  // namespace

Block buildBlock(BlockNumber number, BytesView previousHash, std::vector<Bytes> envelopes) {
    auto parts = std::make_shared<Parts>();
    std::vector<BytesView> views;
    crypto::Hasher hasher;
    for (Bytes& envelope : envelopes) {
        hasher.update(envelope);
        views.push_back(parts->bytes.emplace_back(std::move(envelope)));
    }
    BlockHeader header;
    header.number = number;
    header.previousHash = parts->keep(previousHash);
    header.dataHash = parts->keep(hasher.finish());
    return {std::move(parts), header, std::move(views), std::vector<BytesView>(kMetadataSlots)};
}

Result<Block> buildGenesisBlock(const ChannelId& channel, BytesView configEnvelope, BytesView nonce,
                                absl::Time timestamp) {
    if (channel.empty() || nonce.empty())
        return makeError(StatusCode::kInvalidArgument, "MISSING_FIELD",
                         "a genesis block needs a channel and a nonce");
    const std::string txId = computeTxId(nonce, {}).str();
    ChannelHeader header;
    header.type = HeaderType::Config;
    header.version = 1;
    header.timestamp = Timestamp::fromTime(timestamp);
    header.channelId = channel.str();
    header.txId = txId;
    const Bytes payload = encodePayload(encodeChannelHeader(header),
                                        encodeSignatureHeader({{}, nonce}), configEnvelope);
    const Block block = buildBlock(0, {}, {encodeEnvelope(payload, {})});
    ::common::Metadata metadata;
    metadata.set_value(encodeOrdererValue(0, {}));
    return withMetadata(block, MetadataSlot::Signatures, wire::serialize(metadata));
}

Bytes encodeRaftMetadata(const RaftMetadata& metadata) {
    ::etcdraft::BlockMetadata inner;
    for (const std::uint64_t id : metadata.consenterIds) inner.add_consenter_ids(id);
    inner.set_next_consenter_id(metadata.nextConsenterId);
    inner.set_raft_index(metadata.raftIndex);
    ::common::Metadata outer;
    outer.set_value(wire::serialize(inner));
    return wire::serialize(outer);
}

Bytes encodeOrdererValue(BlockNumber lastConfig, BytesView consenterMetadata) {
    ::common::OrdererBlockMetadata message;
    message.mutable_last_config()->set_index(lastConfig);
    message.set_consenter_metadata(std::string(consenterMetadata));
    return wire::serialize(message);
}

Result<Block> signBlock(const Block& block, BlockNumber lastConfig, BytesView consenterMetadata,
                        BytesView creator, BytesView nonce, const Signer& signer) {
    OrdererMetadata toSign;
    const Bytes value = encodeOrdererValue(lastConfig, consenterMetadata);
    const Bytes signatureHeader = encodeSignatureHeader({creator, nonce});
    toSign.value = value;
    OrdererSignature own;
    own.signatureHeaderBytes = signatureHeader;
    ASSIGN_OR_RETURN(Bytes signature, signer(block.signedMessage(toSign, own)));

    ::common::Metadata slot;
    slot.set_value(value);
    slot.add_signatures()->set_signature_header(signatureHeader);
    slot.mutable_signatures(0)->set_signature(std::move(signature));
    ::common::LastConfig index;
    index.set_index(lastConfig);
    ::common::Metadata copy;
    copy.set_value(wire::serialize(index));
    return withMetadata(withMetadata(block, MetadataSlot::Signatures, wire::serialize(slot)),
                        MetadataSlot::LastConfig, wire::serialize(copy));
}

Block withMetadata(const Block& block, MetadataSlot slot, BytesView entry) {
    auto parts = std::make_shared<Parts>();
    parts->base = block.owner();
    const BytesView kept = parts->keep(entry);
    return {std::move(parts), block.header(), block.envelopes(), withSlot(block, slot, kept)};
}

Block withValidationCodes(const Block& block, std::span<const ValidationCode> codes) {
    Bytes entry;
    for (const ValidationCode code : codes) entry.push_back(static_cast<char>(code));
    return withMetadata(block, MetadataSlot::TransactionsFilter, entry);
}

Block withCommitHash(const Block& block, BytesView hash) {
    ::common::Metadata message;
    message.set_value(std::string(hash));
    return withMetadata(block, MetadataSlot::CommitHash, wire::serialize(message));
}

}  // namespace chancery::protocol
