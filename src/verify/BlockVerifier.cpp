#include "src/verify/BlockVerifier.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/base/Sentence.h"
#include "src/verify/OrdererSignatures.h"

namespace chancery::verify {
namespace {

using protocol::Layer;

Status invalid(std::string_view reason, std::string_view sentence, ErrorArguments arguments = {}) {
    return makeError(StatusCode::kInvalidArgument, reason, sentence, std::move(arguments));
}

/// The channel that the first transaction says it is for.
Result<std::string> channelOf(const protocol::Block& block) {
    if (block.transactionCount() == 0)
        return invalid("EMPTY_BLOCK", "The block holds no transaction.");
    const protocol::Transaction first = block.transaction(0);
    for (const Layer layer : {Layer::Envelope, Layer::Payload, Layer::ChannelHeader})
        if (const Status* fault = first.faultOf(layer))
            return invalid("NO_CHANNEL",
                           fmt::format("The first transaction does not tell its channel: {}",
                                       messageOf(*fault)),
                           say({}, "{why}", {}, sentenceOf(*fault)).arguments);
    if (!first.payload.hasHeader)
        return invalid("NO_CHANNEL",
                       "The first transaction does not tell its channel: it has no "
                       "header.");
    return std::string(first.channelHeader.channelId);
}

}  // namespace

Status checkBlockForm(const protocol::Block& block, const ChannelId& channel) {
    if (!block.hasHeader()) return invalid("NO_HEADER", "The block has no header.");
    ASSIGN_OR_RETURN(const std::string actual, channelOf(block));
    if (actual != channel.str())
        return invalid("OTHER_CHANNEL",
                       fmt::format("The block is of channel {}, not of {}.", printable(actual, 256),
                                   channel.str()),
                       {{"expected", channel.str()}, {"actual", printable(actual, 256)}});
    if (!block.hasMetadata() || block.metadataEntries().empty())
        return invalid("NO_METADATA", "The block has no metadata.");
    // A configuration alone in its block is spared: nothing else could be cut out of its bytes.
    if (!(block.transactionCount() == 1 && block.isConfigBlock()))
        RETURN_IF_ERROR(block.checkWellFormed());
    if (block.computedDataHash() != block.header().dataHash)
        return invalid("DATA_HASH_DIFFERS",
                       "The data of the block are not those that its header names: the hash "
                       "differs.");
    return {};
}

Status verifyBlock(const protocol::Block& block, BlockNumber claimedNumber,
                   const channel::Bundle& bundle) {
    if (!block.hasHeader()) return invalid("NO_HEADER", "The block has no header.");
    if (block.number() != claimedNumber)
        return invalid("NUMBER_DIFFERS",
                       fmt::format("The block was announced as {} and has number {}.",
                                   claimedNumber, block.number()),
                       {{"claimed", std::to_string(claimedNumber)},
                        {"actual", std::to_string(block.number())}});
    RETURN_IF_ERROR(checkBlockForm(block, bundle.channelId()));
    return checkOrdererSignatures(block, bundle).status;
}

}  // namespace chancery::verify
