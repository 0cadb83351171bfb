#pragma once

#include "node/role/Metrics.h"

namespace chancery::node {

/// What a peer counts, under Fabric's names (fact sheet A §8.1). Thread-safe.
struct PeerMetrics {
    explicit PeerMetrics(Metrics& metrics);

    Gauge height;               ///< channel
    Counter transactions;       ///< channel, transaction_type, chaincode, validation_code
    Histogram blockProcessing;  ///< channel; validation and commit, seconds
    Histogram blockCommit;      ///< channel; blocks, state and private data together
    Counter proposalsReceived;
    Counter proposalsSuccessful;
    Counter proposalsInvalid;
    Counter aclFailures;          ///< channel, chaincode
    Counter simulationFailures;   ///< channel, chaincode
    Counter duplicates;           ///< channel, chaincode
    Counter endorsementFailures;  ///< channel, chaincode, chaincodeerror
    Histogram proposalDuration;   ///< channel, chaincode, success
};

}  // namespace chancery::node
