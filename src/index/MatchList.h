#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "src/index/Place.h"

namespace chancery::index {

/// What matches a filter, oldest first: kept so that any page of it can be shown at once, and
/// brought forward when more blocks have come.
struct MatchList {
    /// A transaction and whether it is invalid.
    struct Match {
        Place place;
        bool invalid;
    };
    std::mutex mutex;
    Place to = kFromSnapshot;  ///< everything before this place was looked at
    std::vector<Match> transactions;
    std::vector<BlockNumber> blocks;
};

}  // namespace chancery::index
