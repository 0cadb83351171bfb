#pragma once

#include <cstdlib>

#include "src/protocol/Snapshot.h"
#include "src/verify/ChainState.h"
#include "tests/support/Vectors.h"

namespace chancery::fuzz {

/// The vectors' chain as their snapshot after block 277 tells it.
inline const verify::ChainState& snapshotChain() {
    static const verify::ChainState state = [] {
        const auto snapshot = protocol::Snapshot::open(test::vectorPath("ledger/snapshot_277"));
        if (!snapshot.ok()) std::abort();
        auto loaded = verify::ChainState::fromSnapshot(**snapshot);
        if (!loaded.ok()) std::abort();
        return *std::move(loaded);
    }();
    return state;
}

}  // namespace chancery::fuzz
