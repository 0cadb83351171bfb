#pragma once

#include <cstdint>
#include <string_view>

#include "src/base/Ids.h"
#include "src/channel/Bundle.h"

namespace chancery::node {

/// Part of this orderer in the ordering of a channel.
enum class ConsensusRelation { Consenter, Follower };
/// Where it stands: `Onboarding` until the block that it joined with is there.
enum class ChannelStatus { Active, Onboarding, Inactive, Failed };

/// "consenter", "follower"; "active", …: as the participation API names them.
std::string_view nameOf(ConsensusRelation relation);
std::string_view nameOf(ChannelStatus status);

/// What the participation API tells of a channel.
struct ChannelInfo {
    ChannelId channel;
    ConsensusRelation relation = ConsensusRelation::Consenter;
    ChannelStatus status = ChannelStatus::Active;
    BlockNumber height = 0;
};

/// Whether a node whose server has this TLS certificate is in the consenter set: a consenter's
/// certificate has the same public key (fact sheet A §6.4).
bool isConsenter(const channel::Bundle& bundle, BytesView serverTlsPem);

}  // namespace chancery::node
