#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace common {
class Orderers;
}

namespace chancery::channel {

/// ConsensusType.state. Anything but Normal stops normal transactions.
enum class ConsensusState : int { Normal = 0, Maintenance = 1 };

/// A member of the ordering cluster.
struct Consenter {
    std::uint32_t id = 0;  ///< BFT only; raft ids stand in the blocks
    std::string host;
    std::uint32_t port = 0;
    MspId mspId;        ///< BFT only
    Bytes identityPem;  ///< BFT only: signs blocks
    Bytes serverTlsPem;
    Bytes clientTlsPem;
};

/// Options of etcdraft; nothing is checked but that durations can be read.
struct RaftOptions {
    absl::Duration tickInterval;
    std::uint32_t electionTick = 0;
    std::uint32_t heartbeatTick = 0;
    std::uint32_t maxInflightBlocks = 0;
    std::uint32_t snapshotIntervalSize = 0;  ///< bytes
};

/// Options of BFT (v3), as written. A running channel takes the limits of a batch from BatchSize;
/// those here count only while a channel migrates to BFT.
struct BftOptions {
    std::uint64_t requestBatchMaxCount = 0;
    std::uint64_t requestBatchMaxBytes = 0;
    absl::Duration requestBatchMaxInterval;
    std::uint64_t incomingMessageBufferSize = 0;
    std::uint64_t requestPoolSize = 0;
    absl::Duration requestForwardTimeout;
    absl::Duration requestComplainTimeout;
    absl::Duration requestAutoRemoveTimeout;
    std::uint64_t requestMaxBytes = 0;
    absl::Duration viewChangeResendInterval;
    absl::Duration viewChangeTimeout;
    absl::Duration leaderHeartbeatTimeout;
    std::uint64_t leaderHeartbeatCount = 0;
    absl::Duration collectTimeout;
    bool syncOnStart = false;
    bool speedUpViewChange = false;
    bool leaderRotation = false;
    std::uint64_t decisionsPerLeader = 0;
};

/// From the bytes of ConsensusType.metadata. INVALID_ARGUMENT (BAD_VALUE).
Result<std::vector<Consenter>> raftConsenters(BytesView metadata);
Result<RaftOptions> readRaftOptions(BytesView metadata);
Result<BftOptions> readBftOptions(BytesView metadata);
std::vector<Consenter> bftConsenters(const ::common::Orderers& orderers);

/// What etcdraft demands of its own settings (fact sheet A §6.6): ticks, interval, at least one
/// consenter, no TLS certificate twice. Certificates are not looked into. INVALID_ARGUMENT
/// (BAD_CONSENSUS).
Status checkRaft(BytesView metadata);
/// What BFT ordering demands of its options, with the limits of a batch that will hold.
/// INVALID_ARGUMENT (BAD_CONSENSUS).
Status checkBft(const BftOptions& options, std::uint64_t batchMaxCount,
                std::uint64_t batchMaxBytes);

}  // namespace chancery::channel
