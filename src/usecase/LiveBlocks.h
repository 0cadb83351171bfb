#pragma once

// For the sources of this folder: blocks of nodes that answer now.
#include <optional>
#include <stop_token>

#include "src/protocol/Block.h"
#include "src/usecase/BrowseLedger.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

/// One block; without a number the newest. NOT_FOUND (NO_SUCH_BLOCK), DATA_LOSS (WRONG_BLOCK) when
/// it is another one, MALFORMED_PROTOBUF, errors of Delivery.
Result<protocol::Block> fetchBlock(const TransactionContext& context, interfaces::Delivery& from,
                                   const ChannelId& channel, std::optional<BlockNumber> number,
                                   Deadline deadline, std::stop_token stop);

/// Whether a node that answers so gives something wrong, as against nothing.
bool isLie(const Status& status);

/// DATA_LOSS: what is wrong with block `block` of a node.
Status otherBlock(std::string_view reason, std::string_view sentence, BlockNumber block);

/// Why a node's block is another one than that of the ledger: OTHER_GENESIS, LEDGER_DIFFERS, errors
/// of fetchBlock.
Status differs(const TransactionContext& context, interfaces::Delivery& delivery,
               const BrowseLedger& ledger, const ChannelId& channel, BlockNumber block,
               Deadline deadline, std::stop_token stop);

}  // namespace chancery::usecase
