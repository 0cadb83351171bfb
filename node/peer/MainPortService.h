#pragma once

#include <memory>
#include <vector>

#include "node/deliver/DeliverSession.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/SnapshotService.h"
#include "src/base/TaskPool.h"
#include "src/rpc/Server.h"

namespace chancery::node {

class Discovery;
class Gateway;

/// The main port of a peer: all its gRPC services behind one server.
class MainPortService {
public:
    struct Parts {
        std::vector<rpc::Listener> listeners;
        Endorser* endorser = nullptr;
        const SnapshotDesk* snapshots = nullptr;
        Gateway* gateway = nullptr;      ///< null: not served
        Discovery* discovery = nullptr;  ///< null: not served
        std::shared_ptr<const DeliverRules> deliver;
        std::shared_ptr<TaskPool> pool;
        std::size_t gatewayConcurrency = 500;
    };

    /// Serves when it returns. Errors of rpc::Server::start. What the parts point to must outlive
    /// it.
    static Result<std::unique_ptr<MainPortService>> start(Parts parts);
    ~MainPortService();

    std::vector<rpc::Endpoint> endpoints() const;
    /// A channel without a socket, for tests.
    rpc::Server& server();
    /// Deliver streams end at once, other calls at the deadline.
    void stop(Deadline deadline);

private:
    struct Impl;
    explicit MainPortService(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
