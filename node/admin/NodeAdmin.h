#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/role/FlowEvents.h"
#include "node/role/Metrics.h"
#include "node/role/Role.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace grpc {
class Channel;
}

namespace chancery::node {

/// One setting of a node as it is in force.
struct EffectiveSetting {
    std::string path;          ///< "chaincode.executeTimeoutMs"
    std::string value;         ///< of secrets: kMasked
    std::string defaultValue;  ///< empty when there is none
    bool isDefault = false;
    std::string help;
};
inline constexpr std::string_view kMasked = "••••";

/// What is administered. Pointers outlive the service.
struct AdminSubject {
    std::string kind;  ///< "peer", "orderer", "ca"
    std::string version;
    MspId mspId;
    std::vector<HealthCheck> checks;
    ChannelAdmin* channels = nullptr;  ///< null: the kind has none
    std::function<std::map<std::string, std::string>()> endpoints;
    std::vector<EffectiveSetting> settings;
    Metrics* metrics = nullptr;
    FlowEvents* flow = nullptr;  ///< null: the kind has none
};

/// chancery.admin.v1.NodeAdmin on a socket of this machine. Who may open the socket says in
/// metadata which role the caller has; whether that suffices is decided here again
/// (rpc::authorise).
class NodeAdmin {
public:
    /// The folder of the socket is made with mode 0700 when it is missing; the socket gets 0600.
    /// Errors of rpc::Server::start. An empty path: only `inProcessChannel` leads here.
    static Result<std::unique_ptr<NodeAdmin>> start(AdminSubject subject,
                                                    const std::filesystem::path& socket);
    /// Stops at once.
    ~NodeAdmin();

    std::shared_ptr<grpc::Channel> inProcessChannel();
    /// Takes no more calls; streams end with UNAVAILABLE (NODE_STOPPING).
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit NodeAdmin(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
