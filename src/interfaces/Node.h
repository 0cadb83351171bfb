#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"

/// What a front end may ask of one node, whoever made it: the admin API of our own nodes, or what
/// Fabric's protocols allow. Calls block as those of Nodes.h.
namespace chancery::interfaces {

/// What of `Node` a node can do. A call of what it cannot is UNIMPLEMENTED (NODE_CANNOT).
enum class NodeAbility { Channels, Join, Leave, Settings, Metrics, Flow, LogSpec, Health };

struct NodeAbilities {
    std::set<NodeAbility> can;
    /// Why the others are missing, for people: "read and monitor only: no agent on this host".
    std::string limits;
};

struct NodeHealth {
    std::string component;
    std::string problem;  ///< empty: it is well
};

struct NodeStatus {
    std::string kind;  ///< "peer", "orderer", "ca"
    MspId mspId;
    std::string version;
    std::optional<absl::Time> startedAt;
    std::map<std::string, std::string> endpoints;
    std::vector<NodeHealth> health;  ///< one row for each check, well or not
    std::uint64_t memoryBytes = 0;
    double processorSeconds = 0;
    bool readOnly = false;  ///< its disk is full
};

struct NodeContract {
    std::string name, version;
    std::uint64_t sequence = 0;
    bool runs = false;  ///< connected to this node at this moment
};

struct NodeChannel {
    ChannelId channel;
    BlockNumber height = 0;
    Bytes lastBlockHash;   ///< of the header of the newest block; empty when it is not told
    std::string relation;  ///< orderers: "consenter", "follower" …; peers: "member"
    std::string status;    ///< "active", "onboarding", "catching up" …
    std::string problem;   ///< what stands in the way of its next block; empty: nothing
    std::vector<NodeContract> contracts;  ///< peers
};

/// One setting as the node uses it.
struct NodeSetting {
    std::string path;          ///< "chaincode.executeTimeout"
    std::string value;         ///< "••••" for secrets
    std::string defaultValue;  ///< empty when there is none
    bool isDefault = false;
    std::string help;
};

struct MetricSample {
    std::string name;
    std::map<std::string, std::string> labels;
    double value = 0;
};
struct MetricsReading {
    absl::Time when;
    std::vector<MetricSample> samples;
};

/// Stages as DESIGN.md's transaction flow; the node's own word stands in `stage`.
struct NodeFlowEvent {
    std::string stage;  ///< "propose", "execute" … "commit"
    ChannelId channel;
    TxId txId;
    absl::Time start;
    std::chrono::nanoseconds duration{0};
    std::string outcome;  ///< empty: went well
};
/// What happened since the last batch. Beyond what a stream may cost, only some are told.
struct NodeFlowBatch {
    std::vector<NodeFlowEvent> events;
    std::uint64_t seen = 0;     ///< that happened, told or not
    std::uint32_t oneIn = 1;    ///< transactions told: one in so many; the same at each node
    bool isFromBlocks = false;  ///< worked out of blocks, without times of stages
};

class Node {
public:
    virtual ~Node() = default;
    virtual Result<NodeAbilities> abilities(Deadline deadline) = 0;
    virtual Result<NodeStatus> status(Deadline deadline) = 0;
    virtual Result<std::vector<NodeChannel>> channels(Deadline deadline) = 0;
    /// `block`: genesis or newest config block. What is already so is no error.
    virtual Status join(BytesView block, Deadline deadline) = 0;
    /// Also removes what the node has of it.
    virtual Status leave(const ChannelId& channel, Deadline deadline) = 0;
    virtual Result<std::vector<NodeSetting>> settings(Deadline deadline) = 0;
    virtual Result<std::string> logSpec(Deadline deadline) = 0;
    /// Fabric's form, "info:gateway=debug". INVALID_ARGUMENT (BAD_LOG_SPEC).
    virtual Status setLogSpec(const std::string& spec, Deadline deadline) = 0;
    /// A reading at once and then each `every` (100 ms to 1 h). A lost connection is found again
    /// by itself; `lost` is told why and, with OK, that it is back. In order, any thread.
    virtual Subscription watchMetrics(std::chrono::milliseconds every,
                                      std::function<void(const MetricsReading&)> reading,
                                      std::function<void(const Status&)> lost) = 0;
    virtual Subscription watchFlow(std::function<void(const NodeFlowBatch&)> batch,
                                   std::function<void(const Status&)> lost) = 0;
};

}  // namespace chancery::interfaces
