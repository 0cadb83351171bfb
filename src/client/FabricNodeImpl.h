#pragma once

// For the sources of this folder: what peers and orderers of Fabric have in common.
#include <mutex>

#include "src/client/FabricNode.h"
#include "src/client/FabricRequests.h"
#include "src/client/OperationsClient.h"

namespace chancery::client {

/// For questions of threads that nobody has given a deadline.
inline constexpr std::chrono::seconds kFabricPatience{20};

/// UNIMPLEMENTED (NODE_CANNOT).
Status nodeCannot(std::string_view ability, std::string_view why);

/// The channel of a configuration block. INVALID_ARGUMENT (BAD_JOIN_BLOCK).
struct JoinBlock {
    ChannelId channel;
    BlockNumber number = 0;
    Bytes headerHash;
};
Result<JoinBlock> readJoinBlock(BytesView block);

class FabricNodeImpl : public interfaces::Node,
                       public std::enable_shared_from_this<FabricNodeImpl> {
public:
    FabricNodeImpl(interfaces::Connector& connector, FabricNodeAccess access, const Clock& clock,
                   Random& random)
        : m_access(std::move(access)),
          m_connector(connector),
          m_requests(std::make_shared<FabricRequests>(m_access.identity, clock, random)),
          m_clock(clock) {}

    /// Connects to what there is. Errors of http::Client::make.
    virtual Status open();

    Result<interfaces::NodeAbilities> abilities(Deadline deadline) override;
    Result<interfaces::NodeStatus> status(Deadline deadline) override;
    Result<std::vector<interfaces::NodeSetting>> settings(Deadline deadline) override;
    Result<std::string> logSpec(Deadline deadline) override;
    Status setLogSpec(const std::string& spec, Deadline deadline) override;
    Subscription watchMetrics(std::chrono::milliseconds every,
                              std::function<void(const interfaces::MetricsReading&)> reading,
                              std::function<void(const Status&)> lost) override;
    Subscription watchFlow(std::function<void(const interfaces::NodeFlowBatch&)> batch,
                           std::function<void(const Status&)> lost) override;

protected:
    using Told = std::function<void(interfaces::NodeFlowBatch)>;

    /// A cheap question by gRPC; the node answers when it is OK.
    virtual Status probe(Deadline deadline) = 0;
    virtual void addAbilities(interfaces::NodeAbilities& abilities,
                              std::vector<std::string>& missing) const = 0;
    virtual Result<std::vector<ChannelId>> followed(Deadline deadline) = 0;
    /// Blocks of one channel from `next` on (nothing: those to come) until the stream ends; moves
    /// `next` on.
    virtual Status follow(const ChannelId& channel, std::optional<BlockNumber>& next,
                          const Told& told, const Alive& alive, const std::stop_token& stop) = 0;

    const FabricNodeAccess m_access;
    interfaces::Connector& m_connector;
    const std::shared_ptr<FabricRequests> m_requests;
    const Clock& m_clock;
    std::shared_ptr<OperationsClient> m_operations;  ///< null: its address is not known

private:
    Status needOperations(std::string_view ability) const;
    void addFigures(interfaces::NodeStatus& status, Deadline deadline);
};

Result<std::shared_ptr<FabricNodeImpl>> makeFabricPeer(interfaces::Connector& connector,
                                                       FabricNodeAccess access, const Clock& clock,
                                                       Random& random);
Result<std::shared_ptr<FabricNodeImpl>> makeFabricOrderer(interfaces::Connector& connector,
                                                          FabricNodeAccess access,
                                                          const Clock& clock, Random& random);

}  // namespace chancery::client
