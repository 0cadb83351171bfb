#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "fabric/peer/chaincode_shim.pb.h"
#include "node/chaincode/ContractExecutor.h"
#include "node/chaincode/PendingQuery.h"
#include "node/chaincode/Simulation.h"

namespace chancery::node {

/// One run of a contract for one transaction: by a client's proposal, or by another contract whose
/// simulation it shares. What it is about never changes; what happens to it is guarded as said.
struct Execution {
    std::shared_ptr<const protocol::UnpackedProposal> proposal;
    std::shared_ptr<ExecutionChannel> channel;
    std::shared_ptr<Simulation> simulation;
    std::string contract;  ///< also its namespace
    std::string packageId;
    Bytes input;  ///< ChaincodeInput
    bool isInit = false;
    Deadline deadline;
    /// Called once, without a lock: COMPLETED or ERROR of the contract, or why there is neither
    /// (Fabric's sentence).
    std::function<void(Result<::protos::ChaincodeMessage>)> done;

    const TxId& txId() const { return simulation->txId(); }
    const std::string& channelName() const { return channel->channelId().str(); }

    // For whoever answers a request: there is one at a time (`busy`).
    struct Permission {
        bool read = false, write = false;
    };
    std::map<std::string, Permission, std::less<>> permissions;  ///< by collection
    std::map<std::string, std::unique_ptr<PendingQuery>, std::less<>> queries;
    std::uint64_t lastQuery = 0;

    // Guarded by the stream's mutex.
    bool busy = false;   ///< a request is being answered: simulation and queries are in use
    bool ended = false;  ///< `done` has been taken
    std::optional<::protos::ChaincodeMessage> early;  ///< the end, that came while it was busy
};
using ExecutionPtr = std::shared_ptr<Execution>;

}  // namespace chancery::node
