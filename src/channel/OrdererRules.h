#pragma once

#include "src/channel/Update.h"

namespace chancery::channel {

/// etcdraft's rules on new metadata (fact sheet A §6.6).
Status checkRaftChange(const Bundle& current, const Bundle& proposed, const OrdererView& view);

/// Rules on changes of consensus type and state, as far as the two configurations show them.
Status checkMigration(const Bundle& current, const Bundle& proposed);

/// BFT needs channel capability V3_0. Once a channel runs it, the BlockValidation policy must be
/// the quorum of its consenters, and the options ones that a node can start with (§6.7).
Status checkBftSettings(const Bundle& current, const Bundle& proposed);

}  // namespace chancery::channel
