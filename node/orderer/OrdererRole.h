#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "node/role/FlowEvents.h"
#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "src/base/Clock.h"
#include "src/http/Server.h"
#include "src/identity/SigningIdentity.h"
#include "src/rpc/Server.h"

namespace chancery::node {

/// What an orderer is started with.
struct OrdererConfig {
    std::filesystem::path dataFolder;  ///< made when it is missing
    rpc::Endpoint listen;              ///< port 0: any free one
    rpc::ServerTls tls;
    identity::SigningIdentityPtr identity;
    /// Channel participation API; its callers must show a certificate of one of the roots.
    std::optional<http::ServerOptions> admin;
    absl::Duration timeWindow = absl::Minutes(15);  ///< of requests for blocks
    const Clock* clock = &Clock::system();
    Metrics* metrics = nullptr;  ///< may be null; outlives the role
    FlowEvents* flow = nullptr;  ///< may be null; outlives the role
};

/// An ordering node: AtomicBroadcast and the channel participation API over the channels in its
/// data folder.
class OrdererRole final : public Role {
public:
    explicit OrdererRole(OrdererConfig config);
    ~OrdererRole() override;

    std::string_view name() const override { return "orderer"; }
    /// INVALID_ARGUMENT, UNAVAILABLE (CANNOT_LISTEN); FAILED_PRECONDITION (IN_USE) when another
    /// process has the folder.
    Status start() override;
    void stop(Deadline deadline) override;
    /// That of gRPC, then the admin listener's, if there is one.
    std::vector<std::string> endpoints() const override;
    std::vector<HealthCheck> healthChecks() const override;
    ChannelAdmin* channelAdmin() override;

private:
    struct Running;
    const OrdererConfig m_config;
    std::shared_ptr<Running> m_running;
};

}  // namespace chancery::node
