#include "src/channel/Bundle.h"

#include "src/channel/Acl.h"
#include "src/channel/BundleContent.h"

namespace chancery::channel {
namespace {

class CheckedBundle final : public Bundle {
public:
    explicit CheckedBundle(BundleContent content) : m_content(std::move(content)) {}

    const BundleContent& content() const { return m_content; }

    const ChannelId& channelId() const override { return m_content.channel; }
    std::uint64_t sequence() const override { return m_content.config.sequence(); }
    const ::common::Config& config() const override { return m_content.config; }
    const std::shared_ptr<const identity::MspSet>& msps() const override { return m_content.msps; }
    const policy::PolicyTree& policies() const override { return *m_content.policies; }
    const Capabilities& capabilities() const override { return m_content.capabilities; }

    const OrdererSettings* orderer() const override {
        return m_content.orderer ? &*m_content.orderer : nullptr;
    }
    bool hasApplication() const override { return m_content.hasApplication; }
    bool hasConsortiums() const override { return m_content.hasConsortiums; }

    const std::string& consensusType() const override {
        static const std::string kNone;
        return m_content.orderer ? m_content.orderer->consensusType : kNone;
    }
    const std::vector<Consenter>& consenters() const override { return m_content.consenters; }
    const std::vector<Consenter>& ordererMapping() const override {
        return m_content.ordererMapping;
    }
    Result<RaftOptions> raftOptions() const override {
        RETURN_IF_ERROR(expectConsensus("etcdraft"));
        return readRaftOptions(m_content.orderer->consensusMetadata);
    }
    Result<BftOptions> bftOptions() const override {
        RETURN_IF_ERROR(expectConsensus("BFT"));
        return readBftOptions(m_content.orderer->consensusMetadata);
    }

    const std::map<std::string, Organisation>& applicationOrganisations() const override {
        return m_content.applicationOrganisations;
    }
    const std::map<std::string, Organisation>& ordererOrganisations() const override {
        return m_content.ordererOrganisations;
    }
    const std::map<MspId, std::string>& applicationOrgs() const override {
        return m_content.applicationOrgs;
    }
    const std::map<MspId, std::string>& ordererOrgs() const override {
        return m_content.ordererOrgs;
    }
    const std::map<std::string, MspId>& consortiumOrgs() const override {
        return m_content.consortiumOrgs;
    }
    const std::vector<OrdererEndpoint>& ordererEndpoints() const override {
        return m_content.endpoints;
    }

    const std::map<std::string, std::string>& acls() const override { return m_content.acls; }
    std::string policyOfResource(std::string_view resource) const override {
        switch (defaultAccess(resource)) {
            case DefaultAccess::LocalAdmins:
            case DefaultAccess::LocalMembers:
                return {};  // the channel has no say
            case DefaultAccess::Writers:
                return chosenOr(resource, "/Channel/Application/Writers");
            case DefaultAccess::Readers:
                return chosenOr(resource, "/Channel/Application/Readers");
            case DefaultAccess::CoveredByOther:
            case DefaultAccess::Unknown:
                break;
        }
        return chosenOr(resource, "");
    }

    policy::PolicyPtr blockValidationPolicy() const override {
        return m_content.policies->find("/Channel/Orderer/BlockValidation");
    }

private:
    std::string chosenOr(std::string_view resource, std::string_view fallback) const {
        const auto chosen = m_content.acls.find(std::string(resource));
        return chosen == m_content.acls.end() ? std::string(fallback) : chosen->second;
    }

    Status expectConsensus(std::string_view type) const {
        if (consensusType() == type) return absl::OkStatus();
        return makeError(StatusCode::kFailedPrecondition, "OTHER_CONSENSUS",
                         fmt::format("the channel's consensus type is not {}", type),
                         {{"type", consensusType()}});
    }

    BundleContent m_content;
};

}  // namespace

Result<std::shared_ptr<const Bundle>> Bundle::fromConfig(const ChannelId& channel,
                                                         const ::common::Config& config,
                                                         const Bundle* previous) {
    const auto* checked = dynamic_cast<const CheckedBundle*>(previous);
    ASSIGN_OR_RETURN(
        BundleContent content,
        readConfig(channel, config, checked == nullptr ? nullptr : &checked->content()));
    return std::make_shared<const CheckedBundle>(std::move(content));
}

}  // namespace chancery::channel
