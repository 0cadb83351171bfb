#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "node/agent/Door.h"
#include "node/agent/Supervisor.h"

namespace chancery::agent {

/// Passes calls of the admin API on to the node that their metadata `chancery-network` and
/// `chancery-node` name, message by message as they are. The node learns `chancery-role` and
/// `chancery-caller`, and decides once more.
class Forwarding {
public:
    /// Both must outlive it.
    Forwarding(const StateFolder& state, Supervisor& supervisor)
        : m_state(state), m_supervisor(supervisor) {}

    /// INVALID_ARGUMENT (BAD_NODE_NAME), NOT_FOUND (NODE_NOT_FOUND), FAILED_PRECONDITION
    /// (NODE_NOT_RUNNING), UNIMPLEMENTED (NODE_CANNOT) for nodes without an admin API.
    Result<rpc::Passage> passage(const rpc::CallFacts& facts, const Caller& caller,
                                 AuditTrail& trail);

private:
    struct Connection {
        pid_t process = 0;  // another process: another connection
        std::shared_ptr<grpc::Channel> channel;
    };
    Result<std::shared_ptr<grpc::Channel>> channel(const NodeStatus& node);

    const StateFolder& m_state;
    Supervisor& m_supervisor;
    std::mutex m_mutex;
    std::map<NodeName, Connection> m_connections;
};

}  // namespace chancery::agent
