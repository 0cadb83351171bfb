#include "src/usecase/BlockDescriber.h"

namespace chancery::usecase {
namespace {

std::optional<absl::Time> timeOf(const protocol::Transaction& transaction) {
    if (!transaction.channelHeader.timestamp) return std::nullopt;
    return transaction.channelHeader.timestamp->time();
}

void describeConsenterMetadata(BlockDescription& block, const protocol::OrdererMetadata& metadata) {
    if (metadata.consenterMetadata.empty()) return;
    const bool bft =
        !metadata.signatures.empty() && metadata.signatures.front().identifier.has_value();
    if (bft) {
        if (const auto view = protocol::decodeBftViewMetadata(metadata.consenterMetadata);
            view.ok())
            block.bftViewAndSequence = {view->viewId, view->latestSequence};
        return;
    }
    if (const auto raft = protocol::decodeRaftMetadata(metadata.consenterMetadata); raft.ok()) {
        block.raftIndex = raft->raftIndex;
        block.raftConsenters = raft->consenterIds;
    }
}

}  // namespace

std::optional<RecordedCode> recordedCode(const protocol::Block& block, std::size_t index) {
    const BytesView filter = block.metadata(protocol::MetadataSlot::TransactionsFilter);
    if (index >= filter.size()) return std::nullopt;
    const auto code = static_cast<protocol::ValidationCode>(filter[index]);
    if (code == protocol::ValidationCode::NotValidated) return std::nullopt;
    return RecordedCode{static_cast<std::uint8_t>(filter[index]), protocol::nameOf(code)};
}

std::string_view contractOf(const protocol::Transaction& transaction) {
    return transaction.contract();
}

BlockSummary summarise(const protocol::SourcedBlock& sourced) {
    const protocol::Block& block = sourced.block;
    BlockSummary summary{.number = block.number(),
                         .config = block.isConfigBlock(),
                         .transactions = block.transactionCount(),
                         .size = sourced.size,
                         .hash = block.header().hash()};
    if (block.transactionCount() > 0) summary.time = timeOf(block.transaction(0));
    const BytesView filter = block.metadata(protocol::MetadataSlot::TransactionsFilter);
    // A genesis block that an orderer gave out has no verdict either, but is valid by definition.
    if (filter.size() == block.transactionCount() && !filter.empty())
        summary.valid = static_cast<std::size_t>(std::count(filter.begin(), filter.end(), '\0'));
    return summary;
}

TransactionSummary summarise(const protocol::Block& block, std::size_t index,
                             const protocol::Transaction& transaction, IdentityNames& names) {
    TransactionSummary summary{.block = block.number(),
                               .index = index,
                               .txId = std::string(transaction.channelHeader.txId),
                               .time = timeOf(transaction),
                               .contract = std::string(contractOf(transaction)),
                               .function = std::string(transaction.function()),
                               .code = recordedCode(block, index)};
    // Type 0 has a name, too; what has no readable header has no type.
    if (transaction.reached(protocol::Layer::ChannelHeader))
        summary.type = protocol::nameOf(transaction.channelHeader.type);
    if (!transaction.signatureHeader.creator.empty())
        summary.creator = names.of(transaction.signatureHeader.creator);
    return summary;
}

BlockDescription describeBlock(const protocol::SourcedBlock& sourced, IdentityNames& names) {
    const protocol::Block& block = sourced.block;
    BlockDescription description{.summary = summarise(sourced),
                                 .previousHash = Bytes(block.header().previousHash),
                                 .dataHash = Bytes(block.header().dataHash),
                                 .computedDataHash = block.computedDataHash(),
                                 .file = sourced.file,
                                 .offset = sourced.offset};
    description.dataHashMatches = description.computedDataHash == description.dataHash;
    if (const auto last = block.lastConfig(); last.ok()) description.lastConfig = *last;
    if (const auto hash = block.commitHash(); hash.ok()) description.commitHash = Bytes(*hash);
    if (const auto metadata = block.ordererMetadata(); metadata.ok()) {
        for (const protocol::OrdererSignature& signature : metadata->signatures) {
            BlockSignature row{.signature = Bytes(signature.signature)};
            if (signature.identifier)
                row.consenter = signature.identifier->identifier;
            else
                row.signer = names.of(signature.signatureHeader.creator);
            description.signatures.push_back(std::move(row));
        }
        describeConsenterMetadata(description, *metadata);
    }
    for (std::size_t i = 0; i < block.transactionCount(); ++i)
        description.transactions.push_back(summarise(block, i, block.transaction(i), names));
    return description;
}

}  // namespace chancery::usecase
