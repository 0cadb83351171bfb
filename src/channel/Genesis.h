#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Random.h"
#include "src/channel/Bundle.h"
#include "src/channel/Elements.h"
#include "src/protocol/Block.h"

namespace common {
class Config;
class ConfigGroup;
}  // namespace common

namespace chancery::channel {

/// A policy as people write it: "ANY Readers" or "OR('AlphaMSP.admin')".
struct PolicyText {
    enum class Kind { ImplicitMeta, Signature };
    Kind kind = Kind::ImplicitMeta;
    std::string rule;
};
using PolicyTexts = std::map<std::string, PolicyText>;

/// The usual policies (fact sheet A §3.2).
PolicyTexts usualChannelPolicies();      ///< ANY Readers, ANY Writers, MAJORITY Admins
PolicyTexts usualOrdererPolicies();      ///< the same and BlockValidation: ANY Writers
PolicyTexts usualApplicationPolicies();  ///< the same and (Lifecycle)Endorsement: MAJORITY
/// Readers and Writers: members, Admins: admins, Endorsement: peers of the MSP.
PolicyTexts usualOrganisationPolicies(const MspId& msp);

/// An organisation of a new channel.
struct NewOrganisation {
    std::string name;  ///< of its group
    Bytes mspConfig;   ///< MSPConfig, encoded (identity::readMspFolder)
    PolicyTexts policies;
    std::vector<AnchorPeer> anchorPeers;  ///< application section only
    std::vector<std::string> endpoints;   ///< orderer section only
};

struct NewOrderers {
    BatchSize batchSize{500, 10u << 20, 2u << 20};
    absl::Duration batchTimeout = absl::Seconds(2);
    std::uint64_t maxChannels = 0;
    std::vector<std::string> capabilities{"V2_0"};
    PolicyTexts policies = usualOrdererPolicies();
    std::vector<NewOrganisation> organisations;
    std::vector<Consenter> consenters;
    std::variant<RaftOptions, BftOptions> options = defaultRaftOptions();

    /// 500 ms, 10 ticks, 1 tick, 5 blocks, 16 MiB.
    static RaftOptions defaultRaftOptions();
    /// As Fabric's sample configuration has them.
    static BftOptions defaultBftOptions();
};

struct NewApplication {
    std::vector<std::string> capabilities{"V2_5"};
    PolicyTexts policies = usualApplicationPolicies();
    std::map<std::string, std::string> acls;  ///< resource → policy, as written
    std::vector<NewOrganisation> organisations;
};

/// A channel to be made.
struct NewChannel {
    ChannelId channel;
    std::vector<std::string> capabilities{"V2_0"};
    PolicyTexts policies = usualChannelPolicies();
    /// Legacy global addresses; organisations' endpoints are better.
    std::vector<std::string> ordererAddresses;
    NewOrderers orderers;
    NewApplication application;
};

/// Group of an organisation as configtxgen makes (and prints) it. INVALID_ARGUMENT:
/// POLICY_MISSING, BAD_POLICY_TEXT, BAD_NAME.
Result<::common::ConfigGroup> makeOrganisation(const NewOrganisation& organisation, GroupKind kind);

/// The first configuration of a channel as configtxgen makes it: all versions 0, mod_policies
/// "Admins". It is loaded as a node would load it; errors as makeOrganisation and
/// Bundle::fromConfig.
Result<::common::Config> makeGenesisConfig(const NewChannel& channel);

/// Block 0 (fact sheet A §4.6).
Result<protocol::Block> makeGenesisBlock(const NewChannel& channel, absl::Time now,
                                         Random& random = Random::system());

}  // namespace chancery::channel
