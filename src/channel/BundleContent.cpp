#include "src/channel/BundleContent.h"

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Acl.h"
#include "src/channel/ChannelValues.h"
#include "src/channel/ConfigMap.h"
#include "src/wire/Serialize.h"

namespace chancery::channel {
namespace {

using ::common::ConfigGroup;

const ConfigGroup* findGroup(const ConfigGroup& parent, const char* name) {
    const auto found = parent.groups().find(name);
    return found == parent.groups().end() ? nullptr : &found->second;
}

std::map<MspId, std::string> byMspId(const std::map<std::string, Organisation>& organisations) {
    std::map<MspId, std::string> byId;
    for (const auto& [name, organisation] : organisations) byId.emplace(organisation.mspId, name);
    return byId;
}

/// One reading of one configuration, section by section in Fabric's order.
class Reader {
public:
    Reader(const BundleContent* previous, BundleContent& content)
        : m_previous(previous), m_content(content) {}

    Status read() {
        const ConfigGroup& root = m_content.config.channel_group();
        RETURN_IF_ERROR(checkCapabilityLevels(root));
        RETURN_IF_ERROR(readChannel(root));
        for (const auto& [name, group] : root.groups())
            if (childKind(GroupKind::Channel, name) == GroupKind::Unknown)
                return elementError("/Channel/" + printable(name, 256), "UNEXPECTED_GROUP",
                                    "no such group belongs here");
        if (const auto* group = findGroup(root, "Application"))
            RETURN_IF_ERROR(readApplication(*group));
        if (const auto* group = findGroup(root, "Orderer")) RETURN_IF_ERROR(readOrderer(*group));
        if (const auto* group = findGroup(root, "Consortiums"))
            RETURN_IF_ERROR(readConsortiums(*group));
        RETURN_IF_ERROR(checkOneSuite());
        std::vector<identity::MspPtr> msps;
        for (const auto& [id, loaded] : m_content.loadedMsps) msps.push_back(loaded.msp);
        m_content.msps = std::make_shared<identity::MspSet>(std::move(msps));
        collectEndpoints();
        return absl::OkStatus();
    }

private:
    static Status checkCapabilityLevels(const ConfigGroup& root) {
        const auto* orderer = findGroup(root, "Orderer");
        if (orderer == nullptr || orderer->values().contains("Capabilities"))
            return absl::OkStatus();
        const auto* application = findGroup(root, "Application");
        if (!root.values().contains("Capabilities") &&
            (application == nullptr || !application->values().contains("Capabilities")))
            return absl::OkStatus();
        return elementError("/Channel/Orderer/Capabilities", "CAPABILITY_NEEDED",
                            "capabilities of the channel or the application need capabilities of "
                            "the orderers");
    }

    Status readChannel(const ConfigGroup& root) {
        ASSIGN_OR_RETURN(const GroupValues values,
                         GroupValues::decode(root, GroupKind::Channel, "/Channel"));
        const auto& channel = values.get<::common::Capabilities>("Capabilities");
        // Other checks depend on what the channel's capabilities turn on; those of the other
        // sections are added when these are decoded.
        m_content.capabilities = readCapabilities(channel, {}, {});
        m_channelCapabilities = channel;
        RETURN_IF_ERROR(checkChannelValues(values, m_content.capabilities));
        const auto& addresses = values.get<::common::OrdererAddresses>("OrdererAddresses");
        m_content.globalAddresses.assign(addresses.addresses().begin(),
                                         addresses.addresses().end());
        return absl::OkStatus();
    }

    Status readApplication(const ConfigGroup& group) {
        m_content.hasApplication = true;
        const std::string path = "/Channel/Application";
        ASSIGN_OR_RETURN(const GroupValues values,
                         GroupValues::decode(group, GroupKind::Application, path));
        m_applicationCapabilities = values.get<::common::Capabilities>("Capabilities");
        updateCapabilities();
        if (values.has("ACLs") && !m_content.capabilities.acls)
            return elementError(values.pathOf("ACLs"), "CAPABILITY_NEEDED",
                                "ACLs need application capability V1_2 or later");
        for (const auto& [resource, policy] : values.get<::protos::ACLs>("ACLs").acls())
            if (!policy.policy_ref().empty())
                m_content.acls[resource] = absolutePolicyOf(policy.policy_ref());
        for (const auto& [name, child] : group.groups()) {
            ASSIGN_OR_RETURN(Organisation organisation,
                             readOrganisation(name, child, GroupKind::ApplicationOrg, path));
            m_content.applicationOrganisations.emplace(name, std::move(organisation));
        }
        m_content.applicationOrgs = byMspId(m_content.applicationOrganisations);
        return absl::OkStatus();
    }

    Status readOrderer(const ConfigGroup& group) {
        const std::string path = "/Channel/Orderer";
        ASSIGN_OR_RETURN(const GroupValues values,
                         GroupValues::decode(group, GroupKind::Orderer, path));
        m_ordererCapabilities = values.get<::common::Capabilities>("Capabilities");
        updateCapabilities();
        ASSIGN_OR_RETURN(m_content.orderer, readOrdererSettings(values));
        m_content.ordererMapping = bftConsenters(values.get<::common::Orderers>("Orderers"));
        if (m_content.orderer->consensusType == "BFT") {
            m_content.consenters = m_content.ordererMapping;
        } else if (m_content.orderer->consensusType == "etcdraft") {
            auto consenters = raftConsenters(m_content.orderer->consensusMetadata);
            if (consenters.ok()) m_content.consenters = *std::move(consenters);
        }
        for (const auto& [name, child] : group.groups()) {
            ASSIGN_OR_RETURN(Organisation organisation,
                             readOrganisation(name, child, GroupKind::OrdererOrg, path));
            if (m_content.capabilities.consensusTypeBft && organisation.endpoints.empty())
                return elementError(path + "/" + printable(name, 256) + "/Endpoints", "BAD_VALUE",
                                    "with channel capability V3_0 every orderer organisation "
                                    "must have endpoints");
            m_content.ordererOrganisations.emplace(name, std::move(organisation));
        }
        m_content.ordererOrgs = byMspId(m_content.ordererOrganisations);
        return absl::OkStatus();
    }

    Status readConsortiums(const ConfigGroup& group) {
        m_content.hasConsortiums = true;
        for (const auto& [consortiumName, consortium] : group.groups()) {
            const std::string path = "/Channel/Consortiums/" + printable(consortiumName, 256);
            // Decoded for its checks only.
            RETURN_IF_ERROR(GroupValues::decode(consortium, GroupKind::Consortium, path).status());
            for (const auto& [name, child] : consortium.groups()) {
                ASSIGN_OR_RETURN(const Organisation organisation,
                                 readOrganisation(name, child, GroupKind::ConsortiumOrg, path));
                m_content.consortiumOrgs[consortiumName + "/" + name] = organisation.mspId;
            }
        }
        return absl::OkStatus();
    }

    Result<Organisation> readOrganisation(const std::string& name, const ConfigGroup& group,
                                          GroupKind kind, const std::string& parent) {
        const std::string path = parent + "/" + printable(name, 256);
        if (!group.groups().empty())
            return elementError(path + "/" + printable(group.groups().begin()->first, 256),
                                "UNEXPECTED_GROUP", "an organisation has no sub-groups");
        if (kind == GroupKind::OrdererOrg && !m_content.capabilities.orgOrdererEndpoints &&
            group.values().contains("Endpoints"))
            return elementError(path + "/Endpoints", "CAPABILITY_NEEDED",
                                "endpoints of an organisation need channel capability V1_4_2 or "
                                "later");
        ASSIGN_OR_RETURN(const GroupValues values, GroupValues::decode(group, kind, path));
        Organisation organisation;
        organisation.name = name;
        ASSIGN_OR_RETURN(organisation.msp, loadMsp(values));
        organisation.mspId = organisation.msp->mspId();
        if (kind == GroupKind::ApplicationOrg)
            for (const auto& peer : values.get<::protos::AnchorPeers>("AnchorPeers").anchor_peers())
                organisation.anchorPeers.push_back({peer.host(), peer.port()});
        if (kind == GroupKind::OrdererOrg) {
            const auto& addresses = values.get<::common::OrdererAddresses>("Endpoints");
            organisation.endpoints.assign(addresses.addresses().begin(),
                                          addresses.addresses().end());
        }
        return organisation;
    }

    Result<identity::MspPtr> loadMsp(const GroupValues& values) {
        const auto& config = values.get<::msp::MSPConfig>("MSP");
        const std::string path = values.pathOf("MSP");
        Bytes bytes = wire::serialize(config);
        if (identity::MspPtr known = knownMsp(bytes)) {
            m_content.loadedMsps.emplace(known->mspId(), LoadedMsp{std::move(bytes), known});
            return known;
        }
        auto msp = identity::Msp::fromConfig(config, m_content.capabilities.mspVersion);
        if (!msp.ok())
            return makeError(StatusCode::kInvalidArgument, "BAD_MSP",
                             fmt::format("{}: {}", path, messageOf(msp.status())),
                             {{"path", path}, {"cause", reasonOf(msp.status())}});
        const MspId id = (*msp)->mspId();
        if (id.empty()) return elementError(path, "BAD_MSP", "the MSP has no id");
        if (!m_content.loadedMsps.emplace(id, LoadedMsp{std::move(bytes), *msp}).second)
            return makeError(StatusCode::kInvalidArgument, "DIFFERENT_MSPS",
                             fmt::format("{}: the MSP {} is defined differently elsewhere", path,
                                         printable(id.str(), 256)),
                             {{"path", path}, {"msp", id.str()}});
        return *msp;
    }

    /// An MSP made from the same bytes under the same rules, here or in the previous bundle.
    identity::MspPtr knownMsp(const Bytes& bytes) const {
        for (const auto& [id, loaded] : m_content.loadedMsps)
            if (loaded.config == bytes) return loaded.msp;
        if (m_previous == nullptr ||
            m_previous->capabilities.mspVersion != m_content.capabilities.mspVersion)
            return nullptr;
        for (const auto& [id, loaded] : m_previous->loadedMsps)
            if (loaded.config == bytes && !m_content.loadedMsps.contains(id)) return loaded.msp;
        return nullptr;
    }

    /// Fabric has no SM2 at all; here a channel has it for everybody or for nobody.
    Status checkOneSuite() const {
        const MspId* sm2 = nullptr;
        const MspId* other = nullptr;
        for (const auto& [id, loaded] : m_content.loadedMsps)
            (loaded.msp->messageHash() == crypto::HashAlgorithm::Sm3 ? sm2 : other) = &id;
        if (sm2 == nullptr || other == nullptr) return absl::OkStatus();
        return makeError(
            StatusCode::kInvalidArgument, "MIXED_SUITES",
            fmt::format("the MSP {} signs with SM2, the MSP {} does not: all organisations of a "
                        "channel use one suite",
                        printable(sm2->str(), 256), printable(other->str(), 256)),
            {{"msp", sm2->str()}, {"other", other->str()}});
    }

    void updateCapabilities() {
        m_content.capabilities = readCapabilities(m_channelCapabilities, m_ordererCapabilities,
                                                  m_applicationCapabilities);
    }

    void collectEndpoints() {
        OrdererEndpoint everybody;
        const auto append = [](std::vector<Bytes>& to, const auto& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        for (const auto& [name, organisation] : m_content.ordererOrganisations) {
            const ::msp::FabricMSPConfig& config = organisation.msp->config();
            OrdererEndpoint endpoint;
            endpoint.organisation = name;
            append(endpoint.tlsRoots, config.tls_root_certs());
            append(endpoint.tlsIntermediates, config.tls_intermediate_certs());
            append(everybody.tlsRoots, config.tls_root_certs());
            append(everybody.tlsIntermediates, config.tls_intermediate_certs());
            for (const std::string& address : organisation.endpoints) {
                endpoint.address = address;
                m_content.endpoints.push_back(endpoint);
            }
        }
        if (!m_content.endpoints.empty()) return;
        for (const std::string& address : m_content.globalAddresses) {
            everybody.address = address;
            m_content.endpoints.push_back(everybody);
        }
    }

    const BundleContent* m_previous;
    BundleContent& m_content;
    ::common::Capabilities m_channelCapabilities;
    ::common::Capabilities m_ordererCapabilities;
    ::common::Capabilities m_applicationCapabilities;
};

}  // namespace

Result<BundleContent> readConfig(const ChannelId& channel, const ::common::Config& config,
                                 const BundleContent* previous) {
    if (!config.has_channel_group())
        return elementError("/Channel", "NO_CHANNEL_GROUP",
                            "the configuration has no channel group");
    RETURN_IF_ERROR(checkChannelName(channel));
    // The names, and above all the bounds, of the tree are checked before anything else looks at
    // it.
    RETURN_IF_ERROR(flatten(config.channel_group()).status());
    BundleContent content;
    content.channel = channel;
    content.config = config;
    RETURN_IF_ERROR(Reader(previous, content).read());
    ASSIGN_OR_RETURN(content.policies,
                     policy::PolicyTree::fromConfig(content.config.channel_group(), content.msps));
    return content;
}

}  // namespace chancery::channel
