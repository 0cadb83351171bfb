#pragma once

#include "node/agent/Call.h"
#include "node/agent/Engines.h"
#include "node/agent/Messages.h"
#include "node/agent/Supervisor.h"
#include "node/agent/Versions.h"

namespace chancery::agent {

/// The service HostNodes.
class NodeCalls {
public:
    /// All must outlive it.
    NodeCalls(const StateFolder& state, Supervisor& supervisor, Engines& engines)
        : m_state(state),
          m_supervisor(supervisor),
          m_engines(engines),
          m_versions(state, supervisor, engines) {}

    Handlers handlers();

private:
    Status apply(Call& call);
    Status watch(Call& call);
    Result<v1::ListResponse> list(const v1::ListRequest& request);
    Result<v1::StartResponse> start(Call& call, const v1::StartRequest& request);
    Result<v1::StopResponse> stop(Call& call, const v1::StopRequest& request);
    Result<v1::RestartResponse> restart(Call& call, const v1::RestartRequest& request);
    Result<v1::RemoveResponse> remove(Call& call, const v1::RemoveRequest& request);
    Result<v1::UpgradeResponse> upgrade(Call& call, const v1::UpgradeRequest& request);
    Result<v1::RollBackResponse> rollBack(Call& call, const v1::RollBackRequest& request);
    v1::NodeState stateOf(const NodeStatus& status);

    const StateFolder& m_state;
    Supervisor& m_supervisor;
    Engines& m_engines;
    Versions m_versions;
};

}  // namespace chancery::agent
