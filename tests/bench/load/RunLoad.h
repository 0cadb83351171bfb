#pragma once

#include "src/base/Status.h"
#include "tests/bench/load/LoadPlan.h"
#include "tests/bench/load/Results.h"

namespace chancery::load {

/// Sends what the plan says: warm-up, measured window, then nothing new until everything has ended.
/// Blocks meanwhile. Errors only before anything was sent: those of rpc::makeChannel;
/// INVALID_ARGUMENT (NOTHING_TO_DO) for a plan without gateway or identity.
Result<LoadResults> runLoad(const LoadPlan& plan);

}  // namespace chancery::load
