#pragma once

#include "src/base/Clock.h"
#include "src/base/Ids.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/identity/SigningIdentity.h"

namespace common {
class ConfigEnvelope;
class ConfigSignature;
class ConfigUpdate;
class ConfigUpdateEnvelope;
class Envelope;
}  // namespace common

namespace chancery::channel {

/// An update without signatures yet; its bytes are what every administrator signs from now on.
::common::ConfigUpdateEnvelope makeUpdateEnvelope(const ::common::ConfigUpdate& update);

/// An administrator's consent to exactly these bytes (ConfigUpdateEnvelope.config_update). The
/// error is the signer's.
Result<::common::ConfigSignature> signUpdate(const identity::SigningIdentity& signer,
                                             BytesView configUpdate,
                                             Random& random = Random::system());

/// What is broadcast: type CONFIG_UPDATE, signed by who sends it. The sender's signature does not
/// count for the update itself; add a ConfigSignature of theirs before.
Result<::common::Envelope> wrapUpdate(const ChannelId& channel,
                                      const ::common::ConfigUpdateEnvelope& update,
                                      const identity::SigningIdentity& sender,
                                      const Clock& clock = Clock::system(),
                                      Random& random = Random::system());

/// What an orderer orders after it has taken an update: type CONFIG, signed by the orderer.
Result<::common::Envelope> wrapConfig(const ChannelId& channel,
                                      const ::common::ConfigEnvelope& config,
                                      const identity::SigningIdentity& orderer,
                                      const Clock& clock = Clock::system(),
                                      Random& random = Random::system());

}  // namespace chancery::channel
