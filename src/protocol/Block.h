#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"
#include "src/protocol/Transaction.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::protocol {

/// What the chain is made of. The hashes are views into the block.
struct BlockHeader {
    BlockNumber number = 0;
    BytesView previousHash;
    BytesView dataHash;

    /// ASN.1 DER, Fabric's form for hashing and signing (fact sheet A §5.1).
    Bytes der() const;
    /// SHA-256 of der(): the next block's previousHash.
    Bytes hash() const;
};

/// Positions in the block's metadata.
enum class MetadataSlot : std::size_t {
    Signatures = 0,
    LastConfig = 1,
    TransactionsFilter = 2,
    Orderer = 3,
    CommitHash = 4,
};
inline constexpr std::size_t kMetadataSlots = 5;

/// One orderer's signature. Exactly one of signatureHeader (raft) and identifierHeader (BFT) has
/// content.
struct OrdererSignature {
    BytesView signatureHeaderBytes;
    BytesView identifierHeaderBytes;
    BytesView signature;
    SignatureHeader signatureHeader;  ///< raft: creator is the signer's SerializedIdentity
    std::optional<IdentifierHeader>
        identifier;  ///< BFT: the signer is this consenter of the channel
};

/// Slot 0 taken apart.
struct OrdererMetadata {
    BytesView value;  ///< OrdererBlockMetadata: the first part of what the orderers sign
    std::vector<OrdererSignature> signatures;
    bool hasLastConfig = false;
    BlockNumber lastConfig = 0;
    BytesView
        consenterMetadata;  ///< raft: Metadata{value = etcdraft.BlockMetadata}; BFT: ViewMetadata
};

/// etcdraft.BlockMetadata.
struct RaftMetadata {
    std::vector<std::uint64_t> consenterIds;
    std::uint64_t nextConsenterId = 0;
    std::uint64_t raftIndex = 0;
};

/// SmartBFT's ViewMetadata.
struct BftViewMetadata {
    std::uint64_t viewId = 0;
    std::uint64_t latestSequence = 0;
    std::uint64_t decisionsInView = 0;
    std::vector<std::uint64_t> blackList;
    BytesView prevCommitSignatureDigest;
};

/// One block: the frame decoded (header, envelopes and metadata entries as bytes), everything
/// inside on demand. An immutable value that shares its bytes; safe to use from several threads.
/// Hashes are computed at each call.
class Block {
public:
    /// A serialised common.Block. INVALID_ARGUMENT (MALFORMED_PROTOBUF) with path and offset;
    /// RESOURCE_EXHAUSTED (TOO_MANY_ELEMENTS) above 12,000 and one for each 256 bytes
    /// of envelopes or of metadata entries.
    static Result<Block> parse(SharedBytes bytes);
    static Result<Block> parse(Bytes bytes) { return parse(SharedBytes(std::move(bytes))); }

    /// From parts whose bytes `owner` keeps alive.
    Block(std::shared_ptr<const void> owner, BlockHeader header, std::vector<BytesView> envelopes,
          std::vector<BytesView> metadata);

    /// False when the message does not have the part at all; a peer refuses such blocks.
    bool hasHeader() const { return m_hasHeader; }
    bool hasData() const { return m_hasData; }
    bool hasMetadata() const { return m_hasMetadata; }

    const BlockHeader& header() const { return m_header; }
    BlockNumber number() const { return m_header.number; }

    std::size_t transactionCount() const { return m_envelopes.size(); }
    /// Envelope bytes as they stand.
    const std::vector<BytesView>& envelopes() const { return m_envelopes; }
    Transaction transaction(std::size_t index) const;
    std::vector<Transaction> transactions() const;

    /// SHA-256 over the envelopes one behind the other.
    Bytes computedDataHash() const;

    /// Every envelope decodes, has payload and signature, and is written as Fabric writes it; at
    /// least one envelope. Without this the data hash would allow other cuts of the same bytes.
    /// INVALID_ARGUMENT (NOT_WELL_FORMED) with argument `transaction`. Fabric does not ask this of
    /// config blocks.
    Status checkWellFormed() const;
    /// True when the first envelope is a CONFIG (or an orderer) transaction, as Fabric decides it.
    bool isConfigBlock() const;

    /// Raw metadata entry; empty when the slot is missing.
    BytesView metadata(MetadataSlot slot) const;
    const std::vector<BytesView>& metadataEntries() const { return m_metadata; }

    /// Slot 0. MALFORMED_PROTOBUF.
    Result<OrdererMetadata> ordererMetadata() const;
    /// What signature `s` of this block covers: value ‖ its header ‖ header().der().
    Bytes signedMessage(const OrdererMetadata& metadata, const OrdererSignature& s) const;
    /// Number of the config block in force: from slot 0, or from slot 1 when slot 0 has no value.
    /// MALFORMED_PROTOBUF.
    Result<BlockNumber> lastConfig() const;
    /// Validation codes, one per transaction; empty in blocks from an orderer. The size is not
    /// checked here.
    std::vector<ValidationCode> validationCodes() const;
    /// Content of slot 4; empty when there is none. MALFORMED_PROTOBUF.
    Result<BytesView> commitHash() const;

    /// A common.Block with the same content.
    Bytes serialize() const;
    const std::shared_ptr<const void>& owner() const { return m_owner; }

private:
    Block() = default;

    std::shared_ptr<const void> m_owner;
    bool m_hasHeader = true;
    bool m_hasData = true;
    bool m_hasMetadata = true;
    BlockHeader m_header;
    std::vector<BytesView> m_envelopes;
    std::vector<BytesView> m_metadata;
};

/// From the consenter metadata of a raft channel. MALFORMED_PROTOBUF.
Result<RaftMetadata> decodeRaftMetadata(BytesView consenterMetadata);
/// From the consenter metadata of a BFT channel. MALFORMED_PROTOBUF.
Result<BftViewMetadata> decodeBftViewMetadata(BytesView consenterMetadata);

}  // namespace chancery::protocol
