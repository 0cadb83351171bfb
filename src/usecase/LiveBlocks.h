#pragma once

// For the sources of this folder: blocks of nodes that answer now.
#include <optional>
#include <stop_token>

#include "src/protocol/Block.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

/// One block; without a number the newest. NOT_FOUND (NO_SUCH_BLOCK), DATA_LOSS (WRONG_BLOCK) when
/// it is another one, MALFORMED_PROTOBUF, errors of Delivery.
Result<protocol::Block> fetchBlock(const TransactionContext& context, interfaces::Delivery& from,
                                   const ChannelId& channel, std::optional<BlockNumber> number,
                                   Deadline deadline, std::stop_token stop);

/// Whether a node that answers so gives something wrong, as against nothing.
bool isLie(const Status& status);

}  // namespace chancery::usecase
