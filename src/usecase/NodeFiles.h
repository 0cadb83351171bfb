#pragma once

#include "src/base/Clock.h"
#include "src/interfaces/Host.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

/// Settings, certificates and keys of a network's nodes, as the hosts where they run get them. All
/// paths in settings count from the node's folder, so that it may lie anywhere.
class NodeFiles {
public:
    explicit NodeFiles(const NetworkFolder& network) : m_network(network) {}

    /// Of a peer or orderer whose members are enrolled. Errors of readFile name the file.
    Result<interfaces::NodePlan> member(const NetworkNode& node) const;
    /// Of the two CAs of an organisation. The key of the CA for TLS, by which the process itself
    /// is recognised, is made here and goes nowhere but into the plan; what its clients need is
    /// written into the network's folder.
    Result<interfaces::NodePlan> newAuthority(const NetworkNode& node,
                                              const Clock& clock = Clock::system()) const;
    /// Of the two CAs of an organisation that exist already, with the files that are theirs.
    interfaces::NodePlan authority(const NetworkNode& node,
                                   std::vector<interfaces::PlannedFile> own) const;

private:
    interfaces::NodePlan begin(const NetworkNode& node) const;
    std::string movedNodesOf(const NetworkNode& node) const;
    std::string settingsOf(const NetworkNode& node) const;

    const NetworkFolder& m_network;
};

}  // namespace chancery::usecase
