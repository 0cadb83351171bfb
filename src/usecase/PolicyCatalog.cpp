#include "src/usecase/PolicyCatalog.h"

#include <set>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/PolicyConversion.h"
#include "src/policy/SatisfyingSets.h"
#include "src/policy/SignaturePolicy.h"
#include "src/usecase/ConfigFile.h"
#include "src/usecase/PolicyNodes.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

/// Groups that are of interest to a person; more of them are not listed.
constexpr std::size_t kMaxSets = 1000;

Status unknownPolicy(std::string_view path) {
    return makeError(StatusCode::kNotFound, "UNKNOWN_POLICY",
                     fmt::format("there is no policy {}", path), {{"path", std::string(path)}});
}

void describeSets(const ::common::SignaturePolicyEnvelope& envelope, PolicyInsight& insight) {
    const auto organisations = policy::minimalOrganisationSets(envelope, kMaxSets);
    const auto signers = policy::minimalSatisfyingSets(envelope, kMaxSets);
    if (!organisations.ok() || !signers.ok())
        insight.setsProblem =
            messageOf(organisations.ok() ? signers.status() : organisations.status());
    if (organisations.ok()) {
        for (const auto& set : *organisations) {
            auto& row = insight.organisationSets.emplace_back();
            for (const MspId& id : set) row.push_back(id.str());
        }
    }
    if (signers.ok()) {
        for (const auto& set : signers->sets) {
            auto& row = insight.signerSets.emplace_back();
            for (const std::uint32_t index : set) row.push_back(signers->principals[index].rule);
        }
    }
    for (const std::string& organisation : insight.organisations) {
        const bool inAll =
            !insight.organisationSets.empty() &&
            std::all_of(insight.organisationSets.begin(), insight.organisationSets.end(),
                        [&](const auto& set) {
                            return std::find(set.begin(), set.end(), organisation) != set.end();
                        });
        if (inAll) insight.indispensable.push_back(organisation);
    }
}

PolicyNode nodeOf(const policy::Policy* policy, const std::string& path) {
    const auto* named = dynamic_cast<const policy::NamedPolicy*>(policy);
    if (named == nullptr)
        return {.rule = path, .phrase = "does not exist, which nobody can satisfy"};
    if (const policy::ImplicitMetaPolicy* meta = named->implicitMeta()) {
        PolicyNode node{.rule = fmt::format("{} of {}", meta->threshold(), meta->children().size()),
                        .needed = meta->threshold()};
        for (const auto& child : meta->children())
            node.parts.push_back(
                nodeOf(child.policy.get(), fmt::format("{}/{}", child.path, meta->subPolicy())));
        return node;
    }
    const auto envelope =
        wire::parse<::common::SignaturePolicyEnvelope>(named->envelope(), "policy");
    PolicyNode node = envelope.ok() ? describePolicy(*envelope) : PolicyNode{.rule = "unreadable"};
    return node;
}

}  // namespace

Result<PolicyCatalog> PolicyCatalog::fromConfig(const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(const ConfigFile config, readWholeConfig(file));
    PolicyCatalog catalog;
    const ChannelId channel = config.channel.empty() ? ChannelId("channel") : config.channel;
    auto bundle = channel::Bundle::fromConfig(channel, *config.config);
    if (!bundle.ok()) return withContext(bundle.status(), file.string());
    catalog.m_bundle = *std::move(bundle);
    return catalog;
}

Result<PolicyCatalog> PolicyCatalog::fromText(std::string_view text) {
    if (policy::parseImplicitMetaText(text).ok())
        return makeError(StatusCode::kInvalidArgument, "NEEDS_CONFIG",
                         fmt::format("\"{}\" refers to the policies of all organisations, which "
                                     "only a configuration tells",
                                     text));
    ASSIGN_OR_RETURN(auto envelope, policy::parsePolicyText(text));
    PolicyCatalog catalog;
    catalog.m_envelope =
        std::make_shared<const ::common::SignaturePolicyEnvelope>(std::move(envelope));
    return catalog;
}

std::vector<std::string> PolicyCatalog::paths() const {
    return m_bundle ? m_bundle->policies().paths() : std::vector<std::string>();
}

policy::PolicyPtr PolicyCatalog::find(std::string_view path) const {
    return m_bundle ? m_bundle->policies().find(path) : nullptr;
}

Result<PolicyInsight> PolicyCatalog::insight(std::string_view path) const {
    PolicyInsight insight;
    if (m_envelope) {
        insight.text = policyText(*m_envelope);
        insight.tree = describePolicy(*m_envelope);
        for (const MspId& id : organisationsOf(*m_envelope))
            insight.organisations.push_back(id.str());
        describeSets(*m_envelope, insight);
        return insight;
    }
    const policy::PolicyPtr policy = find(path);
    if (policy == nullptr) return unknownPolicy(path);
    insight.path = path;
    insight.text = channelPolicyText(*m_bundle, path);
    insight.tree = nodeOf(policy.get(), insight.path);
    std::set<MspId> organisations;
    policy->addOrganisations(organisations);
    for (const MspId& id : organisations) insight.organisations.push_back(id.str());
    const auto envelope = m_bundle->policies().asSignaturePolicy(path);
    if (envelope.ok())
        describeSets(*envelope, insight);
    else
        insight.setsProblem = messageOf(envelope.status());
    return insight;
}

}  // namespace chancery::usecase
