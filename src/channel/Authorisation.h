#pragma once

#include "fabric/common/configtx.pb.h"
#include "src/channel/ConfigMap.h"
#include "src/channel/Update.h"

namespace chancery::channel {

/// A CONFIG_UPDATE envelope taken apart.
struct DecodedUpdate {
    std::string channelId;  ///< of the envelope's header
    ::common::ConfigUpdateEnvelope envelope;
    ::common::ConfigUpdate update;
};

/// INVALID_ARGUMENT (BAD_UPDATE); RESOURCE_EXHAUSTED as wire::parse.
Result<DecodedUpdate> decodeUpdate(const ::common::Envelope& envelope);
Result<::common::ConfigUpdate> decodeConfigUpdate(BytesView bytes);

/// Fact sheet A §4.5 steps 1-7: the channel group that follows.
Result<::common::ConfigGroup> authorise(const Bundle& current, const DecodedUpdate& update);

}  // namespace chancery::channel
