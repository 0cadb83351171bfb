#pragma once

#include <memory>

#include "node/chaincode/ContractExecutor.h"
#include "node/peer/JoinedChannels.h"
#include "node/peer/PeerConfig.h"
#include "node/role/FlowEvents.h"
#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "src/base/Clock.h"

namespace grpc {
class Channel;
}

namespace chancery::node {

/// A peer: ledgers, endorser, gateway, discovery, event streams and snapshots of its channels.
class PeerRole final : public Role {
public:
    /// What tests replace.
    struct Doubles {
        std::unique_ptr<ContractExecutor> executor;      ///< null: the real one
        std::unique_ptr<OrderingService> orderers;       ///< null: over gRPC
        std::optional<JoinedChannels::Ledgers> ledgers;  ///< none: those of node/ledger
    };

    /// `metrics`, `flow` and `clock` must outlive it.
    PeerRole(PeerConfig config, Metrics& metrics, FlowEvents& flow,
             const Clock& clock = Clock::system());
    PeerRole(PeerConfig config, Metrics& metrics, FlowEvents& flow, const Clock& clock,
             Doubles doubles);
    ~PeerRole() override;

    std::string_view name() const override { return "peer"; }
    /// Errors name the step: reading the MSP, opening ledgers, the listeners …
    Status start() override;
    void stop(Deadline deadline) override;
    std::vector<std::string> endpoints() const override;
    /// "channels": one that stands still, or could not be opened.
    std::vector<HealthCheck> healthChecks() const override;
    ChannelAdmin* channelAdmin() override;

    // Once it was started.
    JoinedChannels& channels();
    ContractExecutor& executor();
    std::shared_ptr<grpc::Channel> inProcessChannel();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
