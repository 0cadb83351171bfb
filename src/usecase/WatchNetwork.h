#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Clock.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"
#include "src/interfaces/Host.h"
#include "src/interfaces/Node.h"

namespace chancery::usecase {

/// A node of a network that is watched: what it is, and the ways to it.
struct WatchedNode {
    std::string name;          ///< "peer0.org1.example.com"
    std::string kind;          ///< "peer", "orderer", "ca"
    std::string organisation;  ///< "Org1"
    MspId mspId;
    std::string host;  ///< name of a watched host; empty: nobody knows
    std::shared_ptr<interfaces::Node> node;
};

struct WatchedHost {
    std::string name;
    std::shared_ptr<interfaces::Host> host;
};

/// What is to be watched. A network of Fabric's nodes has no hosts.
struct WatchedNetwork {
    std::string name;  ///< for people
    std::string id;    ///< of its nodes at hosts; empty: as the name
    std::vector<WatchedHost> hosts;
    std::vector<WatchedNode> nodes;
};

/// A node as it was last seen. What cannot be had now stays as it was, with its time.
struct NodeView {
    WatchedNode what;
    std::optional<interfaces::NodeAbilities> abilities;
    std::optional<interfaces::NodeState> process;  ///< as its host's agent tells
    std::optional<interfaces::NodeStatus> status;
    std::vector<interfaces::NodeChannel> channels;
    Status reach;                    ///< OK, or why it does not answer
    std::optional<absl::Time> asOf;  ///< of status and channels
};

struct HostView {
    std::string name;
    std::optional<interfaces::HostFacts> facts;
    Status reach;
    std::optional<absl::Time> asOf;
};

/// A channel as all its nodes together tell.
struct ChannelView {
    ChannelId channel;
    BlockNumber height = 0;            ///< the greatest
    std::vector<std::string> members;  ///< MSP ids of the peers in it
    std::vector<std::string> nodes;
    /// Nodes whose newest block differs from another's at the same height.
    std::vector<std::string> differing;
};

struct NetworkView {
    std::string name;
    std::vector<HostView> hosts;
    std::vector<NodeView> nodes;
    std::vector<ChannelView> channels;
    std::uint64_t revision = 0;  ///< grows with each change
};

/// Keeps a view of a network up to date: asks nodes at intervals, and at once when their host tells
/// of a change; a node that does not answer is asked again after growing pauses and holds up nobody
/// else. Thread-safe.
class WatchNetwork {
public:
    struct Options {
        std::chrono::milliseconds every{1000};     ///< between two questions to a node
        std::chrono::milliseconds patience{3000};  ///< for one answer
        std::chrono::milliseconds longestPause{15000};
        std::size_t threads = 4;
    };
    explicit WatchNetwork(WatchedNetwork network);
    WatchNetwork(WatchedNetwork network, Options options, const Clock& clock = Clock::system());
    ~WatchNetwork();

    std::shared_ptr<const NetworkView> view() const;
    /// Called with every changed view, first with the present one; any thread, in order.
    [[nodiscard]] Subscription watch(std::function<void(std::shared_ptr<const NetworkView>)> seen);
    const std::string& id() const;
    /// A node is asked at once.
    void refresh(const std::string& node);
    /// Null when there is no such node or host.
    std::shared_ptr<interfaces::Node> node(const std::string& name) const;
    std::shared_ptr<interfaces::Host> host(const std::string& name) const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::usecase
