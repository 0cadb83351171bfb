#pragma once

#include <string>
#include <vector>

#include "src/usecase/DeployContract.h"
#include "src/usecase/Json.h"

namespace chancery::usecase {

/// A peer, and an administrator of its organisation who may ask it for its packages.
struct ContractStatusPeer {
    interfaces::NodeAddress peer;
    identity::SigningIdentityPtr administrator;
};

struct PeerPackages {
    std::string name;
    MspId mspId;
    std::vector<Installed> packages;
    std::string problem;  ///< why it did not say
};

struct ContractState {
    DefinedContract definition;
    std::map<std::string, std::string>
        packageOf;                    ///< MSP id → package id, of those that were asked
    std::vector<std::string> runsAt;  ///< names of peers
};

struct ContractStatusReport {
    std::vector<ContractState> contracts;  ///< by name
    std::vector<PeerPackages> peers;
};
Json toJson(const ContractStatusReport& report);

/// Which contracts a channel has and where they run.
class ContractStatus {
public:
    /// Peers that do not answer are told as such; errors when no peer knows the definitions.
    Result<ContractStatusReport> run(const TransactionContext& context, const ChannelId& channel,
                                     const std::vector<ContractStatusPeer>& peers,
                                     Deadline deadline) const;
};

}  // namespace chancery::usecase
