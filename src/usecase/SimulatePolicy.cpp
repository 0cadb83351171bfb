#include "src/usecase/SimulatePolicy.h"

#include <set>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/policy/GreedyEvaluation.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/Outage.h"
#include "src/policy/PolicyConversion.h"
#include "src/policy/Principal.h"
#include "src/policy/RuleExplanation.h"
#include "src/usecase/PolicyCatalog.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

std::string nameOf(const SimulatedSigner& signer) {
    return signer.mspId.str() + "." + signer.role;
}

/// Whether somebody in this role of his organisation is the principal. A member in no other role is
/// a member only.
bool isPrincipal(const SimulatedSigner& signer, const ::common::MSPPrincipal& principal) {
    if (principal.principal_classification() != ::common::MSPPrincipal::ROLE) return false;
    const auto role = wire::parse<::common::MSPRole>(principal.principal(), "principal");
    if (!role.ok() || role->msp_identifier() != signer.mspId.str()) return false;
    switch (role->role()) {
        case ::common::MSPRole::MEMBER:
            return true;
        case ::common::MSPRole::ADMIN:
            return signer.role == "admin";
        case ::common::MSPRole::CLIENT:
            return signer.role == "client";
        case ::common::MSPRole::PEER:
            return signer.role == "peer";
        case ::common::MSPRole::ORDERER:
            return signer.role == "orderer";
        default:
            return false;
    }
}

/// Evaluates policies over people who are only thought of. Without signers everybody who is not
/// down signs.
class Simulation {
public:
    Simulation(const std::optional<std::vector<SimulatedSigner>>& signers,
               const std::set<MspId>& down)
        : m_everybody(!signers), m_down(down) {
        if (!signers) return;
        for (const SimulatedSigner& signer : *signers)
            if (!down.contains(signer.mspId)) m_signers.push_back(signer);
    }

    PolicyExplanation explain(const ::common::SignaturePolicyEnvelope& envelope) const {
        const auto tree = policy::flattenRules(envelope, policy::VersionRule::Ignored);
        if (!tree.ok()) return {.rule = "unreadable", .why = std::string(messageOf(tree.status()))};
        policy::RecordingTrace trace;
        trace.entries.resize(tree->rules.size());
        if (!m_everybody) {
            const auto satisfies = [&](std::size_t signer, std::uint32_t principal) {
                return isPrincipal(m_signers[signer], tree->principals[principal]);
            };
            policy::GreedyEvaluation evaluation(*tree, m_signers.size(), satisfies, trace);
            evaluation.run();
        }
        return node(*tree, trace, 0);
    }

    /// The signatures as a whole are given to every part of an implicit-meta policy.
    PolicyExplanation explain(const policy::Policy* policy, const std::string& path) const {
        const auto* named = dynamic_cast<const policy::NamedPolicy*>(policy);
        if (named == nullptr)
            return {.rule = path,
                    .phrase = path,
                    .needed = 1,
                    .why = "it does not exist, so nobody can satisfy it"};
        if (const policy::ImplicitMetaPolicy* meta = named->implicitMeta()) {
            PolicyExplanation explanation{.needed = meta->threshold()};
            for (const auto& child : meta->children()) {
                explanation.parts.push_back(explain(
                    child.policy.get(), fmt::format("{}/{}", child.path, meta->subPolicy())));
                explanation.have += explanation.parts.back().satisfied ? 1 : 0;
            }
            explanation.rule =
                fmt::format("{} of {}", explanation.needed, explanation.parts.size());
            explanation.satisfied = explanation.have >= explanation.needed;
            return explanation;
        }
        const auto envelope =
            wire::parse<::common::SignaturePolicyEnvelope>(named->envelope(), "policy");
        if (!envelope.ok()) return {.rule = path, .why = std::string(messageOf(envelope.status()))};
        return explain(*envelope);
    }

private:
    PolicyExplanation node(const policy::RuleTree& tree, const policy::RecordingTrace& trace,
                           std::size_t at) const {
        const policy::Rule& rule = tree.rules[at];
        if (!rule.isGate())
            return leaf(tree.principals[rule.principal], trace.entries[at].identity);
        PolicyExplanation explanation{
            .needed = static_cast<std::size_t>(std::max<std::int32_t>(rule.needed, 0))};
        for (std::size_t child = at + 1; child < rule.end; child = tree.rules[child].end) {
            explanation.parts.push_back(node(tree, trace, child));
            explanation.have += explanation.parts.back().satisfied ? 1 : 0;
        }
        if (!m_everybody) explanation.have = static_cast<std::size_t>(trace.entries[at].satisfied);
        explanation.rule = fmt::format("{} of {}", rule.needed, explanation.parts.size());
        explanation.satisfied = static_cast<std::int64_t>(explanation.have) >= rule.needed;
        return explanation;
    }

    PolicyExplanation leaf(const ::common::MSPPrincipal& principal, std::size_t signer) const {
        const policy::PrincipalWords words = policy::describePrincipal(principal);
        const policy::PrincipalScope scope = policy::scopeOf(principal);
        PolicyExplanation explanation{.rule = words.rule, .phrase = words.phrase, .needed = 1};
        const bool isDown =
            scope.reach == policy::PrincipalReach::OneMsp && m_down.contains(scope.mspId);
        if (m_everybody) {
            explanation.satisfied = scope.reach == policy::PrincipalReach::OneMsp && !isDown;
            explanation.usedBy = explanation.satisfied ? words.phrase : "";
        } else if (signer < m_signers.size()) {
            explanation.satisfied = true;
            explanation.usedBy = nameOf(m_signers[signer]);
        }
        explanation.have = explanation.satisfied ? 1 : 0;
        if (explanation.satisfied) return explanation;
        if (isDown) {
            explanation.why = scope.mspId.str() + " is down";
            return explanation;
        }
        for (const SimulatedSigner& one : m_signers)
            if (isPrincipal(one, principal))
                explanation.why =
                    fmt::format("{} was counted for another part already", nameOf(one));
        if (explanation.why.empty()) explanation.why = fmt::format("{} did not sign", words.phrase);
        return explanation;
    }

    bool m_everybody;
    const std::set<MspId>& m_down;
    std::vector<SimulatedSigner> m_signers;
};

void tellOutage(const PolicyCatalog& catalog, const std::set<MspId>& down,
                PolicySimulation& simulation) {
    const auto policies = policy::policiesOf(catalog.bundle()->policies());
    const policy::Outage outage = policy::outageWithout(down, policies);
    simulation.stopped = outage.stopped;
    simulation.never = outage.never;
    for (const auto& organisation : outage.indispensable)
        simulation.indispensable.push_back({organisation.mspId.str(), organisation.policies});
}

}  // namespace

Result<SimulatedSigner> SimulatedSigner::parse(std::string_view text) {
    const std::size_t dot = text.rfind('.');
    const std::string_view role =
        dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    for (const std::string_view known : {"member", "admin", "client", "peer", "orderer"})
        if (role == known && dot > 0)
            return SimulatedSigner{MspId(std::string(text.substr(0, dot))), std::string(role)};
    return makeError(StatusCode::kInvalidArgument, "BAD_SIGNER",
                     fmt::format("\"{}\" is not of the form MSPID.role", text),
                     {{"signer", std::string(text)}});
}

Result<PolicySimulation> SimulatePolicy::run(const SimulatePolicyRequest& request) const {
    const std::set<MspId> down(request.down.begin(), request.down.end());
    auto catalog = request.config ? PolicyCatalog::fromConfig(*request.config)
                                  : PolicyCatalog::fromText(request.text);
    if (!catalog.ok()) return catalog.status();
    PolicySimulation result;
    std::set<MspId> known;
    const Simulation simulation(request.signers, down);
    if (!catalog->hasConfig() || !request.path.empty()) {
        ASSIGN_OR_RETURN(result.policy, catalog->insight(request.path));
        result.explanation =
            catalog->hasConfig()
                ? simulation.explain(catalog->find(request.path).get(), request.path)
                : simulation.explain(*catalog->envelope());
        result.satisfied = result.explanation.satisfied;
        for (const std::string& id : result.policy->organisations) known.insert(MspId(id));
    }
    if (catalog->hasConfig()) {
        tellOutage(*catalog, down, result);
        for (const MspId& id : catalog->bundle()->msps()->ids()) known.insert(id);
    }
    for (const MspId& id : down)
        if (!known.contains(id)) result.unknownOrganisations.push_back(id.str());
    if (request.signers)
        for (const SimulatedSigner& signer : *request.signers)
            if (down.contains(signer.mspId)) result.ignoredSigners.push_back(nameOf(signer));
    return result;
}

}  // namespace chancery::usecase
