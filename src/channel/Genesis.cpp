#include "src/channel/Genesis.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/ChannelValues.h"
#include "src/channel/GoDuration.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/SignaturePolicy.h"
#include "src/policy/StandardPolicies.h"
#include "src/protocol/BlockBuilder.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::channel {
namespace {

using ::common::ConfigGroup;
using google::protobuf::Message;

constexpr std::string_view kAdmins = "Admins";
constexpr std::size_t kNonceBytes = 24;

void addValue(ConfigGroup& group, const std::string& key, const Message& value,
              std::string_view modPolicy = kAdmins) {
    auto& element = (*group.mutable_values())[key];
    element.set_value(wire::serialize(value));
    element.set_mod_policy(std::string(modPolicy));
}

void addCapabilities(ConfigGroup& group, const std::vector<std::string>& names) {
    if (names.empty()) return;
    ::common::Capabilities capabilities;
    for (const std::string& name : names) (*capabilities.mutable_capabilities())[name];
    addValue(group, "Capabilities", capabilities);
}

Result<::common::Policy> policyFrom(const PolicyText& text) {
    ::common::Policy policy;
    if (text.kind == PolicyText::Kind::ImplicitMeta) {
        ASSIGN_OR_RETURN(const auto meta, policy::parseImplicitMetaText(text.rule));
        policy.set_type(::common::Policy::IMPLICIT_META);
        policy.set_value(wire::serialize(meta));
    } else {
        ASSIGN_OR_RETURN(const auto envelope, policy::parsePolicyText(text.rule));
        policy.set_type(::common::Policy::SIGNATURE);
        policy.set_value(wire::serialize(envelope));
    }
    return policy;
}

Status addPolicies(ConfigGroup& group, const PolicyTexts& texts, const std::string& path,
                   std::initializer_list<std::string_view> required) {
    for (const std::string_view name : required)
        if (!texts.contains(std::string(name)))
            return elementError(fmt::format("{}/{}", path, name), "POLICY_MISSING",
                                "a new channel must have this policy");
    for (const auto& [name, text] : texts) {
        auto policy = policyFrom(text);
        if (!policy.ok())
            return withContext(policy.status(), fmt::format("{}/{}", path, printable(name, 256)));
        auto& element = (*group.mutable_policies())[name];
        *element.mutable_policy() = *std::move(policy);
        element.set_mod_policy(std::string(kAdmins));
    }
    group.set_mod_policy(std::string(kAdmins));
    return absl::OkStatus();
}

::etcdraft::ConfigMetadata raftMetadata(const RaftOptions& options,
                                        const std::vector<Consenter>& consenters) {
    ::etcdraft::ConfigMetadata metadata;
    for (const Consenter& from : consenters) {
        auto& to = *metadata.add_consenters();
        to.set_host(from.host);
        to.set_port(from.port);
        to.set_client_tls_cert(from.clientTlsPem);
        to.set_server_tls_cert(from.serverTlsPem);
    }
    auto& to = *metadata.mutable_options();
    to.set_tick_interval(printGoDuration(options.tickInterval));
    to.set_election_tick(options.electionTick);
    to.set_heartbeat_tick(options.heartbeatTick);
    to.set_max_inflight_blocks(options.maxInflightBlocks);
    to.set_snapshot_interval_size(options.snapshotIntervalSize);
    return metadata;
}

::orderer::smartbft::Options bftMetadata(const BftOptions& from) {
    ::orderer::smartbft::Options to;
    to.set_request_batch_max_count(from.requestBatchMaxCount);
    to.set_request_batch_max_bytes(from.requestBatchMaxBytes);
    to.set_request_batch_max_interval(printGoDuration(from.requestBatchMaxInterval));
    to.set_incoming_message_buffer_size(from.incomingMessageBufferSize);
    to.set_request_pool_size(from.requestPoolSize);
    to.set_request_forward_timeout(printGoDuration(from.requestForwardTimeout));
    to.set_request_complain_timeout(printGoDuration(from.requestComplainTimeout));
    to.set_request_auto_remove_timeout(printGoDuration(from.requestAutoRemoveTimeout));
    to.set_request_max_bytes(from.requestMaxBytes);
    to.set_view_change_resend_interval(printGoDuration(from.viewChangeResendInterval));
    to.set_view_change_timeout(printGoDuration(from.viewChangeTimeout));
    to.set_leader_heartbeat_timeout(printGoDuration(from.leaderHeartbeatTimeout));
    to.set_leader_heartbeat_count(from.leaderHeartbeatCount);
    to.set_collect_timeout(printGoDuration(from.collectTimeout));
    to.set_sync_on_start(from.syncOnStart);
    to.set_speed_up_view_change(from.speedUpViewChange);
    if (from.leaderRotation) to.set_leader_rotation(::orderer::smartbft::Options::ROTATION_ON);
    to.set_decisions_per_leader(from.decisionsPerLeader);
    return to;
}

::common::Orderers orderersValue(const std::vector<Consenter>& consenters) {
    ::common::Orderers orderers;
    for (const Consenter& from : consenters) {
        auto& to = *orderers.add_consenter_mapping();
        to.set_id(from.id);
        to.set_host(from.host);
        to.set_port(from.port);
        to.set_msp_id(from.mspId.str());
        to.set_identity(from.identityPem);
        to.set_client_tls_cert(from.clientTlsPem);
        to.set_server_tls_cert(from.serverTlsPem);
    }
    return orderers;
}

void setBlockValidation(ConfigGroup& group, const std::vector<Consenter>& consenters) {
    std::vector<std::pair<MspId, Bytes>> identities;
    for (const Consenter& consenter : consenters)
        identities.emplace_back(consenter.mspId, consenter.identityPem);
    auto& policy = *group.mutable_policies()->at("BlockValidation").mutable_policy();
    policy.set_type(::common::Policy::SIGNATURE);
    policy.set_value(wire::serialize(policy::bftBlockValidationPolicy(identities)));
}

void addConsensus(ConfigGroup& group, const NewOrderers& orderers) {
    ::orderer::ConsensusType consensus;
    if (const auto* raft = std::get_if<RaftOptions>(&orderers.options)) {
        consensus.set_type("etcdraft");
        consensus.set_metadata(wire::serialize(raftMetadata(*raft, orderers.consenters)));
    } else {
        consensus.set_type("BFT");
        consensus.set_metadata(
            wire::serialize(bftMetadata(std::get<BftOptions>(orderers.options))));
        addValue(group, "Orderers", orderersValue(orderers.consenters));
        setBlockValidation(group, orderers.consenters);
    }
    addValue(group, "ConsensusType", consensus);
}

Status addOrganisations(ConfigGroup& group, const std::vector<NewOrganisation>& organisations,
                        GroupKind kind) {
    for (const NewOrganisation& organisation : organisations) {
        if (group.groups().contains(organisation.name))
            return makeError(StatusCode::kInvalidArgument, "DUPLICATE_ORGANISATION",
                             fmt::format("there are two organisations called {}",
                                         printable(organisation.name, 256)),
                             {{"name", organisation.name}});
        ASSIGN_OR_RETURN((*group.mutable_groups())[organisation.name],
                         makeOrganisation(organisation, kind));
    }
    return absl::OkStatus();
}

Result<ConfigGroup> makeOrdererGroup(const NewOrderers& orderers) {
    ConfigGroup group;
    RETURN_IF_ERROR(addPolicies(group, orderers.policies, "/Channel/Orderer",
                                {"Admins", "Readers", "Writers", "BlockValidation"}));
    ::orderer::BatchSize size;
    size.set_max_message_count(orderers.batchSize.maxMessages);
    size.set_absolute_max_bytes(orderers.batchSize.absoluteMaxBytes);
    size.set_preferred_max_bytes(orderers.batchSize.preferredMaxBytes);
    addValue(group, "BatchSize", size);
    ::orderer::BatchTimeout timeout;
    timeout.set_timeout(printGoDuration(orderers.batchTimeout));
    addValue(group, "BatchTimeout", timeout);
    ::orderer::ChannelRestrictions restrictions;
    restrictions.set_max_count(orderers.maxChannels);
    addValue(group, "ChannelRestrictions", restrictions);
    addCapabilities(group, orderers.capabilities);
    addConsensus(group, orderers);
    RETURN_IF_ERROR(addOrganisations(group, orderers.organisations, GroupKind::OrdererOrg));
    return group;
}

Result<ConfigGroup> makeApplicationGroup(const NewApplication& application) {
    ConfigGroup group;
    RETURN_IF_ERROR(addPolicies(group, application.policies, "/Channel/Application",
                                {"Admins", "Readers", "Writers"}));
    if (!application.acls.empty()) {
        ::protos::ACLs acls;
        for (const auto& [resource, reference] : application.acls)
            (*acls.mutable_acls())[resource].set_policy_ref(reference);
        addValue(group, "ACLs", acls);
    }
    addCapabilities(group, application.capabilities);
    RETURN_IF_ERROR(addOrganisations(group, application.organisations, GroupKind::ApplicationOrg));
    return group;
}

}  // namespace

PolicyTexts usualChannelPolicies() {
    using Kind = PolicyText::Kind;
    return {{"Readers", {Kind::ImplicitMeta, "ANY Readers"}},
            {"Writers", {Kind::ImplicitMeta, "ANY Writers"}},
            {"Admins", {Kind::ImplicitMeta, "MAJORITY Admins"}}};
}

PolicyTexts usualOrdererPolicies() {
    PolicyTexts policies = usualChannelPolicies();
    policies["BlockValidation"] = {PolicyText::Kind::ImplicitMeta, "ANY Writers"};
    return policies;
}

PolicyTexts usualApplicationPolicies() {
    PolicyTexts policies = usualChannelPolicies();
    policies["Endorsement"] = {PolicyText::Kind::ImplicitMeta, "MAJORITY Endorsement"};
    policies["LifecycleEndorsement"] = policies["Endorsement"];
    return policies;
}

PolicyTexts usualOrganisationPolicies(const MspId& msp) {
    const auto of = [&](std::string_view role) {
        return PolicyText{PolicyText::Kind::Signature, fmt::format("OR('{}.{}')", msp.str(), role)};
    };
    return {{"Readers", of("member")},
            {"Writers", of("member")},
            {"Admins", of("admin")},
            {"Endorsement", of("peer")}};
}

RaftOptions NewOrderers::defaultRaftOptions() {
    return {absl::Milliseconds(500), 10, 1, 5, 16u << 20};
}

BftOptions NewOrderers::defaultBftOptions() {
    BftOptions options;
    options.requestBatchMaxInterval = absl::Milliseconds(200);
    options.incomingMessageBufferSize = 200;
    options.requestPoolSize = 100'000;
    options.requestForwardTimeout = absl::Seconds(5);
    options.requestComplainTimeout = absl::Seconds(20);
    options.requestAutoRemoveTimeout = absl::Minutes(3);
    options.viewChangeResendInterval = absl::Seconds(10);
    options.viewChangeTimeout = absl::Minutes(1);
    options.leaderHeartbeatTimeout = absl::Minutes(1);
    options.leaderHeartbeatCount = 10;
    options.collectTimeout = absl::Seconds(1);
    return options;
}

Result<ConfigGroup> makeOrganisation(const NewOrganisation& organisation, GroupKind kind) {
    if (const Status name = checkElementName(organisation.name); !name.ok())
        return withContext(name, printable(organisation.name, 256));
    ConfigGroup group;
    RETURN_IF_ERROR(addPolicies(group, organisation.policies, organisation.name,
                                {"Admins", "Readers", "Writers"}));
    ASSIGN_OR_RETURN(const auto msp, wire::parse<::msp::MSPConfig>(organisation.mspConfig,
                                                                   organisation.name + ".msp"));
    addValue(group, "MSP", msp);
    if (kind == GroupKind::ApplicationOrg && !organisation.anchorPeers.empty()) {
        ::protos::AnchorPeers peers;
        for (const AnchorPeer& peer : organisation.anchorPeers) {
            auto& added = *peers.add_anchor_peers();
            added.set_host(peer.host);
            added.set_port(peer.port);
        }
        addValue(group, "AnchorPeers", peers);
    }
    if (kind == GroupKind::OrdererOrg && !organisation.endpoints.empty()) {
        ::common::OrdererAddresses addresses;
        for (const std::string& address : organisation.endpoints) addresses.add_addresses(address);
        addValue(group, "Endpoints", addresses);
    }
    return group;
}

Result<::common::Config> makeGenesisConfig(const NewChannel& channel) {
    ::common::Config config;
    ConfigGroup& root = *config.mutable_channel_group();
    RETURN_IF_ERROR(
        addPolicies(root, channel.policies, "/Channel", {"Admins", "Readers", "Writers"}));
    ::common::HashingAlgorithm hashing;
    hashing.set_name("SHA256");
    addValue(root, "HashingAlgorithm", hashing);
    ::common::BlockDataHashingStructure structure;
    structure.set_width(0xFFFFFFFFu);
    addValue(root, "BlockDataHashingStructure", structure);
    if (!channel.ordererAddresses.empty()) {
        ::common::OrdererAddresses addresses;
        for (const std::string& address : channel.ordererAddresses)
            addresses.add_addresses(address);
        addValue(root, "OrdererAddresses", addresses, "/Channel/Orderer/Admins");
    }
    addCapabilities(root, channel.capabilities);
    ASSIGN_OR_RETURN((*root.mutable_groups())["Orderer"], makeOrdererGroup(channel.orderers));
    ASSIGN_OR_RETURN((*root.mutable_groups())["Application"],
                     makeApplicationGroup(channel.application));
    RETURN_IF_ERROR(Bundle::fromConfig(channel.channel, config).status());
    return config;
}

Result<protocol::Block> makeGenesisBlock(const NewChannel& channel, absl::Time now,
                                         Random& random) {
    ::common::ConfigEnvelope envelope;
    ASSIGN_OR_RETURN(*envelope.mutable_config(), makeGenesisConfig(channel));
    return protocol::buildGenesisBlock(channel.channel, wire::serialize(envelope),
                                       random.bytes(kNonceBytes), now);
}

}  // namespace chancery::channel
