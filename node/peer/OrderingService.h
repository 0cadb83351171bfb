#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Block.h"
#include "src/rpc/Options.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

/// Blocks of one channel as one orderer gives them. One thread at a time; destroying it ends the
/// stream.
class BlockStream {
public:
    virtual ~BlockStream() = default;
    /// The next block; nothing when none came until the deadline. UNAVAILABLE and the like when the
    /// connection is gone; FAILED_PRECONDITION (DELIVER_REFUSED) with `status` when the orderer has
    /// ended it; INVALID_ARGUMENT (MALFORMED_PROTOBUF); CANCELLED (STOPPED).
    virtual Result<std::optional<protocol::Block>> next(Deadline deadline) = 0;
};

/// The orderers of a channel, as a peer sees them. Thread-safe.
class OrderingService {
public:
    virtual ~OrderingService() = default;
    /// Asks for all blocks from `from` on, also those that do not exist yet. Does not wait for an
    /// answer.
    virtual Result<std::unique_ptr<BlockStream>> deliver(const channel::OrdererEndpoint& orderer,
                                                         const ChannelId& channel, BlockNumber from,
                                                         std::stop_token stop) = 0;
};

/// The real one, over gRPC. `tls` is shown to orderers that ask for a certificate.
std::unique_ptr<OrderingService> makeOrderingService(identity::SigningIdentityPtr signer,
                                                     std::optional<rpc::TlsIdentity> tls,
                                                     rpc::ClientLimits limits = {},
                                                     const Clock& clock = Clock::system());

/// Signed SeekInfo envelope: every block from `from` on. The error is the signer's.
Result<Bytes> encodeSeekFrom(const ChannelId& channel, BlockNumber from,
                             const identity::SigningIdentity& signer, BytesView tlsCertHash,
                             const Clock& clock);

}  // namespace chancery::node
