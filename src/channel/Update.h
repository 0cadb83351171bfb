#pragma once

#include "src/channel/Bundle.h"

namespace common {
class ConfigUpdate;
}

namespace chancery::channel {

/// The minimal update that leads from one configuration to another, element for element as
/// configtxlator computes it (fact sheet A §4.4). INVALID_ARGUMENT (NO_DIFFERENCE) when there is
/// none.
Result<::common::ConfigUpdate> computeUpdate(const ChannelId& channel,
                                             const ::common::Config& original,
                                             const ::common::Config& updated);

/// Authorises a CONFIG_UPDATE envelope against the configuration in force and gives the
/// configuration that follows (fact sheet A §4.5 steps 1-8; sequence + 1, last_update set).
/// Refusals keep Fabric's meaning: STALE_VERSION, POLICY_NOT_SATISFIED ("have k of n, missing …"),
/// BAD_UPDATE, NO_DELTA … with the path of the element.
Result<::common::ConfigEnvelope> proposeUpdate(const Bundle& current,
                                               const ::common::Envelope& configUpdateEnvelope);

/// What a peer does with a CONFIG transaction: re-authorises its last_update and requires the same
/// result. Gives the bundle that is in force afterwards.
Result<BundlePtr> applyConfig(const Bundle& current, const ::common::ConfigEnvelope& envelope);

/// The orderer's further rules on a proposed configuration (capabilities, consensus migration, MSP
/// ids stable, consenter changes one at a time …; fact sheet A §4.5.9, §6.6).
Status checkOrdererRules(const Bundle& current, const Bundle& proposed);

}  // namespace chancery::channel
