#pragma once

#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"

namespace chancery::verify {

/// What a peer asks of a single block before it accepts it from somebody: that it is well formed,
/// is of this channel, has the number that it was announced with, holds the data that its header
/// names, and is signed by the orderers of the configuration in force. Nothing is asked about the
/// block before it. In a peer's order, the first failure is given:
///   INVALID_ARGUMENT   NO_HEADER, NUMBER_DIFFERS (claimed, actual), EMPTY_BLOCK, NO_CHANNEL,
///                      OTHER_CHANNEL (expected, actual), NO_METADATA, NOT_WELL_FORMED
///                      (transaction), DATA_HASH_DIFFERS, BAD_SIGNATURE_METADATA
///   PERMISSION_DENIED  POLICY_NOT_SATISFIED
/// Any thread.
Status verifyBlock(const protocol::Block& block, BlockNumber claimedNumber,
                   const channel::Bundle& bundle);

/// The part of it that does not depend on the configuration.
Status checkBlockForm(const protocol::Block& block, const ChannelId& channel);

}  // namespace chancery::verify
