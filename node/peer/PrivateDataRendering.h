#pragma once

#include "node/deliver/Rendering.h"

namespace chancery::node {

/// Blocks with the private data of those collections that the caller may hold: what
/// DeliverWithPrivateData gives (fact sheet B §7). The feeds must be channels of a peer.
BlockRenderingPtr blocksWithPrivateData();

}  // namespace chancery::node
