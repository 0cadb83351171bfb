#pragma once

#include <string>
#include <vector>

#include "src/usecase/CreateNetwork.h"

namespace chancery::usecase {

struct NewNode {
    std::string organisation;
    std::string name;  ///< "peer1"
    std::string host;  ///< empty: as the topology says
    /// Which it joins; none: all that its organisation is a member of. Orderers follow.
    std::vector<ChannelId> channels = {};
};

/// Adds a peer or an orderer to an organisation of a network that runs.
class AddNode {
public:
    AddNode(interfaces::Connector& connector, interfaces::CaConnector& cas, Deadline deadline,
            StepListener listener = {})
        : m_connector(connector),
          m_cas(cas),
          m_deadline(deadline),
          m_listener(std::move(listener)) {}

    /// What is so already stays, so that it may be called again after an error. NOT_FOUND
    /// (NO_SUCH_ORGANISATION, NO_SUCH_HOST); errors of the CAs and of CreateNetwork's parts.
    Result<interfaces::NodeState> run(RunningNetwork& network, const NewNode& wanted);

private:
    Status enrol(const NetworkFolder& network, const NetworkNode& node);

    interfaces::Connector& m_connector;
    interfaces::CaConnector& m_cas;
    const Deadline m_deadline;
    const StepListener m_listener;
};

/// A further organisation of a network that runs: CAs, members and nodes of its own. It is a member
/// of no channel until the others have agreed to a change of the channel's configuration.
class AddOrganisation {
public:
    AddOrganisation(interfaces::Connector& connector, interfaces::CaConnector& cas,
                    Deadline deadline, StepListener listener = {})
        : m_connector(connector),
          m_cas(cas),
          m_deadline(deadline),
          m_listener(std::move(listener)) {}

    /// What is so already stays. INVALID_ARGUMENT (BAD_TOPOLOGY).
    Status run(RunningNetwork& network, const TopologyOrganisation& wanted);
    /// Its peers join a channel that has it as a member now. NOT_FOUND (NO_SUCH_CHANNEL).
    Status join(RunningNetwork& network, const std::string& organisation, const ChannelId& channel);
    /// The channel has it as a member no more; its peers keep what they have.
    Status leave(RunningNetwork& network, const std::string& organisation,
                 const ChannelId& channel);

private:
    interfaces::Connector& m_connector;
    interfaces::CaConnector& m_cas;
    const Deadline m_deadline;
    const StepListener m_listener;
};

/// Stops a node and removes it from its host and from the network's folder.
Status removeNode(RunningNetwork& network, const std::string& node, Deadline deadline);

}  // namespace chancery::usecase
