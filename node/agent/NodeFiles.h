#pragma once

#include <filesystem>

#include "node/agent/Manifest.h"
#include "node/agent/StateFolder.h"

namespace chancery::agent {

/// Brings a node's folder to a plan, wholly or not at all: the whole plan is made durable in one
/// file first, and the folder follows it; what a crash interrupts is finished by `finishApply`.
/// Files that the node made itself stay. True when something was different. INVALID_ARGUMENT
/// (BAD_PLAN) for a plan whose files lead through a link or through a file of the node.
Result<bool> applyPlan(const StateFolder& state, const Plan& plan);

/// Finishes what was interrupted, if anything, puts back files of the plan that are not as they
/// were written, and reads the manifest. DATA_LOSS (MANIFEST_DAMAGED).
Result<Manifest> finishApply(const StateFolder& state, const NodeName& name);

/// Writes the manifest alone: another version of the engine.
Status storeManifest(const StateFolder& state, const Manifest& manifest);

}  // namespace chancery::agent
