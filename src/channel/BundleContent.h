#pragma once

#include "fabric/common/configtx.pb.h"
#include "src/channel/Bundle.h"

namespace chancery::channel {

/// An MSP with the bytes it was made from, by which a later configuration knows it again.
struct LoadedMsp {
    Bytes config;  ///< MSPConfig, encoded here
    identity::MspPtr msp;
};

/// Everything a bundle holds; filled once, then only read.
struct BundleContent {
    ChannelId channel;
    ::common::Config config;
    Capabilities capabilities;
    std::map<MspId, LoadedMsp> loadedMsps;
    std::shared_ptr<const identity::MspSet> msps;
    std::shared_ptr<const policy::PolicyTree> policies;

    std::optional<OrdererSettings> orderer;
    std::vector<Consenter> ordererMapping;
    std::vector<Consenter> consenters;
    bool hasApplication = false;
    bool hasConsortiums = false;
    std::map<std::string, Organisation> applicationOrganisations;
    std::map<std::string, Organisation> ordererOrganisations;
    std::map<std::string, MspId> consortiumOrgs;
    std::map<MspId, std::string> applicationOrgs;
    std::map<MspId, std::string> ordererOrgs;
    std::vector<std::string> globalAddresses;
    std::vector<OrdererEndpoint> endpoints;
    std::map<std::string, std::string> acls;
};

/// Checks a configuration as Fabric does and takes it apart. MSPs that `previous` has are reused.
Result<BundleContent> readConfig(const ChannelId& channel, const ::common::Config& config,
                                 const BundleContent* previous);

}  // namespace chancery::channel
