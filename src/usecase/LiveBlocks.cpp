#include "src/usecase/LiveBlocks.h"

#include "src/usecase/SignedRequests.h"

namespace chancery::usecase {

Result<protocol::Block> fetchBlock(const TransactionContext& context, interfaces::Delivery& from,
                                   const ChannelId& channel, std::optional<BlockNumber> number,
                                   Deadline deadline, std::stop_token stop) {
    ASSIGN_OR_RETURN(
        const Bytes seek,
        signSeek(context, channel, {.start = number, .stop = number, .failIfNotReady = true}));
    ASSIGN_OR_RETURN(const auto stream, from.blocks(seek, deadline, std::move(stop)));
    ASSIGN_OR_RETURN(auto bytes, stream->next());
    if (!bytes)
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "the node gives no such block");
    ASSIGN_OR_RETURN(auto block, protocol::Block::parse(*std::move(bytes)));
    if (number && block.number() != *number)
        return makeError(
            StatusCode::kDataLoss, "WRONG_BLOCK",
            fmt::format("the node gives block {} in place of {}", block.number(), *number),
            {{"block", std::to_string(*number)}, {"given", std::to_string(block.number())}});
    return block;
}

bool isLie(const Status& status) {
    const std::string reason = reasonOf(status);
    return reason == "LEDGER_DIFFERS" || reason == "OTHER_GENESIS" || reason == "WRONG_BLOCK" ||
           reason == "BLOCK_REFUSED" || reason == "MALFORMED_PROTOBUF" ||
           reason == "TOO_MANY_ELEMENTS" || reason == "UNEXPECTED_ANSWER";
}

Status otherBlock(std::string_view reason, std::string_view sentence, BlockNumber block) {
    return makeError(StatusCode::kDataLoss, reason, sentence, {{"block", std::to_string(block)}});
}

Status differs(const TransactionContext& context, interfaces::Delivery& delivery,
               const BrowseLedger& ledger, const ChannelId& channel, BlockNumber block,
               Deadline deadline, std::stop_token stop) {
    ASSIGN_OR_RETURN(const auto ours, ledger.block(0));
    ASSIGN_OR_RETURN(const auto theirs,
                     fetchBlock(context, delivery, channel, 0, deadline, std::move(stop)));
    if (theirs.header().hash() != ours.summary.hash)
        return otherBlock("OTHER_GENESIS",
                          "the node's channel begins with another block: it is another channel of "
                          "the same name",
                          0);
    return otherBlock(
        "LEDGER_DIFFERS",
        fmt::format("the node's block {} is another one than the verified one", block), block);
}

}  // namespace chancery::usecase
