// A block as a message: its frame, its metadata, its transactions; what was read is written again.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/Block.h"
#include "src/protocol/BlockFile.h"

namespace {

using namespace chancery;
using namespace chancery::protocol;

void require(bool condition) {
    if (!condition) std::abort();
}

bool same(const Block& a, const Block& b) {
    return a.header().der() == b.header().der() && a.envelopes() == b.envelopes() &&
           a.metadataEntries() == b.metadataEntries();
}

void readMetadata(const Block& block) {
    if (const auto metadata = block.ordererMetadata(); metadata.ok()) {
        for (const OrdererSignature& signature : metadata->signatures)
            require(block.signedMessage(*metadata, signature).ends_with(block.header().der()));
        (void)decodeRaftMetadata(metadata->consenterMetadata).ok();
        (void)decodeBftViewMetadata(metadata->consenterMetadata).ok();
    }
    (void)block.lastConfig().ok();
    (void)block.commitHash().ok();
    (void)block.validationCodes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto block = Block::parse(Bytes(reinterpret_cast<const char*>(data), size));
    if (!block.ok()) {
        require(!argumentOf(block.status(), "path").empty());
        return 0;
    }
    readMetadata(*block);
    (void)block->isConfigBlock();
    if (block->checkWellFormed().ok()) require(block->transactionCount() > 0);
    for (const Transaction& transaction : block->transactions()) (void)transaction.filedTxId();

    const auto again = Block::parse(block->serialize());
    require(again.ok() && same(*again, *block) && again->hasHeader() == block->hasHeader());
    const Bytes record = encodeBlockRecord(*block);
    const auto source = openBlockBytes("blockfile_000000", SharedBytes(record));
    require(source.ok());
    const auto stored = (*source)->next();
    require(stored.ok() && stored->has_value() && same((*stored)->block, *block));
    return 0;
}
