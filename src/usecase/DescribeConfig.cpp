#include "src/usecase/DescribeConfig.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/channel/ChannelValues.h"
#include "src/channel/ConfigJson.h"
#include "src/identity/Certificate.h"
#include "src/usecase/ConfigFile.h"
#include "src/usecase/PolicyNodes.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

using channel::GroupKind;
using channel::GroupValues;

std::string policyText(const ::common::Policy& policy) {
    if (policy.type() == ::common::Policy::IMPLICIT_META) {
        const auto meta = wire::parse<::common::ImplicitMetaPolicy>(policy.value(), "policy");
        if (!meta.ok()) return "unreadable";
        return ::common::ImplicitMetaPolicy_Rule_Name(meta->rule()) + " " + meta->sub_policy();
    }
    if (policy.type() == ::common::Policy::SIGNATURE) {
        const auto envelope =
            wire::parse<::common::SignaturePolicyEnvelope>(policy.value(), "policy");
        return envelope.ok() ? usecase::policyText(*envelope) : "unreadable";
    }
    return fmt::format("policy of type {}", policy.type());
}

AuthorityDescription authority(BytesView pem, bool intermediate) {
    AuthorityDescription description{.name = "unreadable certificate",
                                     .intermediate = intermediate};
    const auto certificate = identity::Certificate::fromPem(pem);
    if (!certificate.ok()) return description;
    description.name =
        certificate->commonName().empty() ? certificate->subject() : certificate->commonName();
    description.notAfter = certificate->notAfter();
    return description;
}

void describeMsp(const ::msp::MSPConfig& value, OrganisationDescription& organisation) {
    const auto msp = wire::parse<::msp::FabricMSPConfig>(value.config(), "config");
    if (value.type() != 0 || !msp.ok()) {
        organisation.problem = value.type() == 1 ? "an Idemix MSP, whose members stay anonymous"
                               : msp.ok()
                                   ? fmt::format("an MSP of the unknown type {}", value.type())
                                   : std::string(messageOf(msp.status()));
        return;
    }
    organisation.mspId = MspId(msp->name());
    for (const std::string& pem : msp->root_certs())
        organisation.authorities.push_back(authority(pem, false));
    for (const std::string& pem : msp->intermediate_certs())
        organisation.authorities.push_back(authority(pem, true));
    organisation.administrators = static_cast<std::size_t>(msp->admins_size());
    organisation.revocationLists = static_cast<std::size_t>(msp->revocation_list_size());
    organisation.nodeOus = msp->fabric_node_ous().enable();
}

class Describer {
public:
    explicit Describer(ConfigDescription& description) : m_description(description) {}

    void group(const ::common::ConfigGroup& group, GroupKind kind, const std::string& path) {
        std::map<std::string, const ::common::ConfigPolicy*> policies;
        for (const auto& [name, policy] : group.policies()) policies.emplace(name, &policy);
        for (const auto& [name, policy] : policies)
            m_description.policies.push_back({path + "/" + name, policyText(policy->policy())});
        auto values = GroupValues::decode(group, kind, path);
        if (!values.ok())
            m_description.problems.emplace_back(messageOf(values.status()));
        else if (channel::isOrganisation(kind))
            organisation(*values, kind, path);
        else
            common(*values, kind);
        std::map<std::string, const ::common::ConfigGroup*> groups;
        for (const auto& [name, child] : group.groups()) groups.emplace(name, &child);
        for (const auto& [name, child] : groups) {
            const GroupKind childKind = channel::childKind(kind, name);
            if (path.size() > 1000 || childKind == GroupKind::Unknown) {
                m_description.problems.push_back(
                    fmt::format("{}/{} is no group that Fabric knows", path, name));
                continue;
            }
            this->group(*child, childKind, path + "/" + name);
        }
    }

private:
    static std::vector<std::string> capabilities(const GroupValues& values) {
        std::set<std::string> names;
        for (const auto& [name, unused] :
             values.get<::common::Capabilities>("Capabilities").capabilities())
            names.insert(name);
        return {names.begin(), names.end()};
    }

    void common(const GroupValues& values, GroupKind kind) {
        if (kind == GroupKind::Channel) {
            m_description.channelCapabilities = capabilities(values);
            const auto& addresses =
                values.get<::common::OrdererAddresses>("OrdererAddresses").addresses();
            m_description.ordererAddresses.assign(addresses.begin(), addresses.end());
        } else if (kind == GroupKind::Application) {
            m_description.applicationCapabilities = capabilities(values);
            std::map<std::string, std::string> acls;
            for (const auto& [resource, policy] : values.get<::protos::ACLs>("ACLs").acls())
                acls.emplace(resource, policy.policy_ref());
            m_description.acls.assign(acls.begin(), acls.end());
        } else if (kind == GroupKind::Orderer) {
            orderer(values);
        }
    }

    void orderer(const GroupValues& values) {
        m_description.ordererCapabilities = capabilities(values);
        const auto& consensus = values.get<::orderer::ConsensusType>("ConsensusType");
        m_description.consensus = consensus.type();
        m_description.maintenance = consensus.state() != ::orderer::ConsensusType::STATE_NORMAL;
        const auto& size = values.get<::orderer::BatchSize>("BatchSize");
        m_description.batchMaxCount = size.max_message_count();
        m_description.batchMaxBytes = size.absolute_max_bytes();
        m_description.batchPreferredBytes = size.preferred_max_bytes();
        m_description.batchTimeout = values.get<::orderer::BatchTimeout>("BatchTimeout").timeout();
        std::vector<channel::Consenter> consenters;
        if (consensus.type() == "BFT") {
            consenters = channel::bftConsenters(values.get<::common::Orderers>("Orderers"));
        } else if (consensus.type() == "etcdraft") {
            if (auto raft = channel::raftConsenters(consensus.metadata()); raft.ok())
                consenters = *std::move(raft);
        }
        for (const channel::Consenter& consenter : consenters)
            m_description.consenters.push_back(
                fmt::format("{}:{}", consenter.host, consenter.port));
    }

    void organisation(const GroupValues& values, GroupKind kind, const std::string& path) {
        const std::string name = path.substr(path.rfind('/') + 1);
        OrganisationDescription organisation{.name = name, .path = path};
        organisation.application = kind == GroupKind::ApplicationOrg;
        organisation.orderer = kind == GroupKind::OrdererOrg;
        if (values.has("MSP")) describeMsp(values.get<::msp::MSPConfig>("MSP"), organisation);
        if (organisation.application)
            for (const auto& peer : values.get<::protos::AnchorPeers>("AnchorPeers").anchor_peers())
                organisation.anchorPeers.push_back(fmt::format("{}:{}", peer.host(), peer.port()));
        if (organisation.orderer) {
            const auto& endpoints = values.get<::common::OrdererAddresses>("Endpoints").addresses();
            organisation.endpoints.assign(endpoints.begin(), endpoints.end());
        }
        m_description.organisations.push_back(std::move(organisation));
    }

    ConfigDescription& m_description;
};

}  // namespace

ConfigDescription describeConfig(const ::common::Config& config) {
    ConfigDescription description{.sequence = config.sequence()};
    Describer(description)
        .group(config.channel_group(), GroupKind::Channel, std::string(channel::kRootPath));
    std::sort(description.policies.begin(), description.policies.end(),
              [](const PolicyRow& a, const PolicyRow& b) { return a.path < b.path; });
    return description;
}

Result<ConfigDescription> DescribeConfig::run(const std::filesystem::path& path) const {
    ASSIGN_OR_RETURN(const ConfigFile file, readWholeConfig(path));
    ConfigDescription description = describeConfig(*file.config);
    description.messageName = file.messageName;
    description.block = file.block;
    description.channel = file.channel.str();
    return description;
}

Result<std::string> DescribeConfig::json(const std::filesystem::path& path, bool configOnly) const {
    ASSIGN_OR_RETURN(const ConfigFile file, readConfigFile(path));
    if (configOnly && !file.config)
        return makeError(
            StatusCode::kInvalidArgument, "NO_CONFIG",
            fmt::format("{} holds {}, which has no Config in it", path.string(), file.messageName),
            {{"path", path.string()}, {"message", file.messageName}});
    if (configOnly) return channel::toJson(*file.config);
    channel::JsonOptions options;
    if (file.messageName == "common.ConfigGroup") options.groupKind = GroupKind::ApplicationOrg;
    return channel::protoToJson(file.messageName, file.bytes, options);
}

}  // namespace chancery::usecase
