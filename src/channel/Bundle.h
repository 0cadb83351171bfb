#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Capabilities.h"
#include "src/channel/Consensus.h"
#include "src/identity/Msp.h"
#include "src/policy/PolicyTree.h"

namespace common {
class Config;
class ConfigEnvelope;
class ConfigGroup;
class ConfigUpdateEnvelope;
class Envelope;
}  // namespace common

namespace chancery::channel {

/// When a block is cut by size; all three are positive.
struct BatchSize {
    std::uint32_t maxMessages = 0;        ///< transactions per block
    std::uint32_t absoluteMaxBytes = 0;   ///< of one envelope; larger ones are refused
    std::uint32_t preferredMaxBytes = 0;  ///< of a block; at most absoluteMaxBytes
};

/// What /Channel/Orderer says; the consenters stand in Bundle::consenters.
struct OrdererSettings {
    std::string consensusType;  ///< "etcdraft", "BFT"; history has "solo" and "kafka"
    ConsensusState consensusState = ConsensusState::Normal;
    Bytes consensusMetadata;  ///< as it stands; see Bundle::raftOptions and bftOptions
    BatchSize batchSize;
    absl::Duration batchTimeout;
    std::uint64_t maxChannels = 0;  ///< 0 = no limit
    std::vector<std::string> kafkaBrokers;
};

struct AnchorPeer {
    std::string host;
    std::int32_t port = 0;
};

/// An organisation as one of the sections defines it.
struct Organisation {
    std::string name;  ///< of its group
    MspId mspId;
    identity::MspPtr msp;
    std::vector<AnchorPeer> anchorPeers;  ///< application section only
    std::vector<std::string> endpoints;   ///< orderer section only: "host:port"
};

/// An address of an orderer with what its TLS certificate must chain to (PEM).
struct OrdererEndpoint {
    std::string address;       ///< "host:port"
    std::string organisation;  ///< name of the group; empty for a global address
    std::vector<Bytes> tlsRoots;
    std::vector<Bytes> tlsIntermediates;
};

/// Everything a channel configuration says, checked and compiled once. Immutable, thread-safe;
/// replaced whole.
class Bundle {
public:
    /// All checks that a Fabric peer makes when it loads a configuration. Errors: INVALID_ARGUMENT
    /// with argument `path` of the element: UNEXPECTED_VALUE, UNEXPECTED_GROUP, BAD_VALUE
    /// (undecodable, out of range), BAD_MSP, DIFFERENT_MSPS, MIXED_SUITES, CAPABILITY_NEEDED,
    /// BAD_POLICY, BAD_NAME …; RESOURCE_EXHAUSTED for hostile trees. Names of capabilities are not
    /// judged here, see checkSupported. MSPs that `previous` already has are taken from there.
    static Result<std::shared_ptr<const Bundle>> fromConfig(const ChannelId& channel,
                                                            const ::common::Config& config,
                                                            const Bundle* previous = nullptr);
    virtual ~Bundle() = default;

    virtual const ChannelId& channelId() const = 0;
    virtual std::uint64_t sequence() const = 0;
    virtual const ::common::Config& config() const = 0;
    virtual const std::shared_ptr<const identity::MspSet>& msps() const = 0;
    virtual const policy::PolicyTree& policies() const = 0;
    virtual const Capabilities& capabilities() const = 0;

    /// Null when the channel has no such section.
    virtual const OrdererSettings* orderer() const = 0;
    virtual bool hasApplication() const = 0;
    virtual bool hasConsortiums() const = 0;  ///< only system channels have

    virtual const std::string& consensusType()
        const = 0;  ///< "etcdraft", "BFT"; "" without orderer
    /// Members of the ordering cluster: from the metadata with etcdraft, from the Orderers value
    /// with BFT. Empty when that cannot be decoded, which only orderers mind.
    virtual const std::vector<Consenter>& consenters() const = 0;
    /// The Orderers value, whatever the consensus type.
    virtual const std::vector<Consenter>& ordererMapping() const = 0;
    /// FAILED_PRECONDITION (OTHER_CONSENSUS) with another type; BAD_VALUE when undecodable.
    virtual Result<RaftOptions> raftOptions() const = 0;
    virtual Result<BftOptions> bftOptions() const = 0;

    /// Organisations of the sections by the name of their group.
    virtual const std::map<std::string, Organisation>& applicationOrganisations() const = 0;
    virtual const std::map<std::string, Organisation>& ordererOrganisations() const = 0;
    /// MSP ids of the organisations below /Channel/Application, and their group names. (Two groups
    /// may share an MSP id; then this names the first.)
    virtual const std::map<MspId, std::string>& applicationOrgs() const = 0;
    virtual const std::map<MspId, std::string>& ordererOrgs() const = 0;
    /// "<section>/<organisation>" of the Consortiums section → MSP id.
    virtual const std::map<std::string, MspId>& consortiumOrgs() const = 0;

    /// Where clients and peers find orderers: the organisations' endpoints if there are any, else
    /// the global addresses with the TLS roots of all orderer organisations.
    virtual const std::vector<OrdererEndpoint>& ordererEndpoints() const = 0;

    /// The ACLs value: resource → absolute policy path. Entries with an empty reference are left
    /// out, they mean the default.
    virtual const std::map<std::string, std::string>& acls() const = 0;
    /// The policy that guards a resource in this channel; empty for resources that the node's own
    /// organisation guards, and for unknown ones that the ACLs do not name.
    virtual std::string policyOfResource(std::string_view resource) const = 0;

    /// What the signatures of a block must satisfy; null when the configuration has no
    /// /Channel/Orderer/BlockValidation, and then no block is good. With BFT it names the
    /// consenters' identities; see also checkOrdererRules.
    virtual policy::PolicyPtr blockValidationPolicy() const = 0;
};

using BundlePtr = std::shared_ptr<const Bundle>;

}  // namespace chancery::channel
