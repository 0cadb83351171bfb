#pragma once

#include "node/orderer/BlockPull.h"
#include "node/orderer/OrdererContext.h"

namespace chancery::node {

/// By Deliver over gRPC, with the orderer's identity and TLS certificate.
BlockPull makeBlockPull(OrdererContextPtr context);

/// The signed request: type DELIVER_SEEK_INFO, best effort, from a block on without end. The error
/// is the signer's.
Result<Bytes> makeSeekEnvelope(const OrdererContext& context, const ChannelId& channel,
                               BlockNumber from, BytesView tlsCertificateHash);

}  // namespace chancery::node
