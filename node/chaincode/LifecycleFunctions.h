#pragma once

#include <string>

#include "node/chaincode/LifecycleContract.h"
#include "node/chaincode/LifecycleStore.h"

namespace chancery::node {

/// One call of _lifecycle that was authorised.
struct LifecycleCall {
    const LifecycleContract::Options& options;
    const SystemCall& call;

    Simulation& simulation() const { return *call.simulation; }
    const channel::Bundle& bundle() const { return call.simulation->bundle(); }
    const std::string& channelName() const { return bundle().channelId().str(); }
};

/// Decodes the argument, runs the function and encodes what it gives; NOT_FOUND is Fabric's status
/// 404. UNIMPLEMENTED (NO_SUCH_FUNCTION).
Result<Bytes> runLifecycleFunction(const LifecycleCall& call, std::string_view function,
                                   BytesView argument);

}  // namespace chancery::node
