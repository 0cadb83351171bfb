#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Envelope.h"

namespace chancery::node {

/// Where a range of blocks begins or ends (orderer.SeekPosition).
struct SeekPosition {
    enum class Kind { None, Newest, Oldest, Specified, NextCommit };
    Kind kind = Kind::None;
    BlockNumber number = 0;  ///< with Specified

    friend bool operator==(const SeekPosition&, const SeekPosition&) = default;
};

/// orderer.SeekInfo.
struct SeekInfo {
    std::optional<SeekPosition> start;
    std::optional<SeekPosition> stop;
    bool failIfNotReady = false;
    bool bestEffort = false;
    bool headersOnly = false;  ///< blocks without data, but for configuration blocks
};

/// INVALID_ARGUMENT (MALFORMED_PROTOBUF).
Result<SeekInfo> decodeSeekInfo(BytesView bytes);
Bytes encodeSeekInfo(const SeekInfo& info);

/// A signed request for blocks. The views refer to `envelope`.
struct SeekRequest {
    protocol::SharedBytes bytes;
    protocol::Envelope envelope;
    protocol::ChannelHeader header;
    protocol::SignatureHeader signatureHeader;
    BytesView data;  ///< SeekInfo
};

/// INVALID_ARGUMENT: MALFORMED_PROTOBUF, NO_HEADER.
Result<SeekRequest> decodeSeekRequest(protocol::SharedBytes envelope);

/// What Fabric asks of the header (fact sheet A §6.3): a timestamp within `window` of `now`, and
/// with `binding` the hash of the caller's TLS certificate. INVALID_ARGUMENT: NO_TIMESTAMP,
/// NOT_BOUND; FAILED_PRECONDITION: STALE_TIMESTAMP, with the skew in seconds.
Status checkSeekHeader(const protocol::ChannelHeader& header, absl::Time now, absl::Duration window,
                       bool binding, BytesView tlsCertificateHash);

}  // namespace chancery::node
