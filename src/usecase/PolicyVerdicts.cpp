#include "src/usecase/PolicyVerdicts.h"

#include <set>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/PolicyConversion.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/PolicyNodes.h"
#include "src/verify/PendingUpdates.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

/// Finds the policies of one transaction, each once.
class Judge {
public:
    Judge(const verify::PreparedTransaction& transaction, const verify::StateReader& state,
          verify::Contracts& contracts, const channel::BundlePtr& bundle)
        : m_transaction(transaction),
          m_state(state),
          m_contracts(contracts),
          m_bundle(bundle),
          m_policies(bundle) {}

    std::vector<PolicyVerdict> run() {
        std::set<std::string> written;
        if (const protocol::ReadWriteSet* set = m_transaction.readWriteSet()) {
            for (const auto& ns : set->namespaces) {
                if (!ns.writesAnything()) continue;
                written.emplace(ns.name);
                writes(ns);
            }
        }
        // A contract that changes nothing of its own still has its policy.
        const std::string called(contractOf(m_transaction.transaction));
        if (!called.empty() && !written.contains(called)) contract(called);
        return std::move(m_verdicts);
    }

private:
    void writes(const protocol::NamespaceReadWriteSet& ns) {
        for (const auto& write : ns.writes) key(ns.name, {}, write.key);
        for (const auto& write : ns.metadataWrites) key(ns.name, {}, write.key);
        for (const auto& collection : ns.collections) {
            for (const auto& write : collection.writes)
                key(ns.name, collection.collection, write.keyHash);
            for (const auto& write : collection.metadataWrites)
                key(ns.name, collection.collection, write.keyHash);
        }
    }

    void key(std::string_view ns, std::string_view collection, std::string_view key) {
        const auto metadata = m_state.metadata(
            collection.empty() ? std::string(ns) : verify::hashedNamespace(ns, collection), key);
        if (metadata.ok() && !metadata->empty()) {
            const auto own = verify::metadataEntry(*metadata, protocol::kValidationParameter);
            // An empty one stands for none, as with peers.
            if (own.ok() && *own && !(*own)->empty()) {
                const std::string name =
                    collection.empty() ? std::string(key) : "with a hashed name";
                return add(fmt::format("key {} of {}", name, ns), signaturePolicyText(**own),
                           m_policies.key(**own));
            }
        }
        if (!collection.empty() && this->collection(ns, collection)) return;
        contract(std::string(ns));
    }

    /// False when the collection has no policy of its own.
    bool collection(std::string_view ns, std::string_view name) {
        const std::string subject = fmt::format("collection {} of {}", name, ns);
        if (const auto organisation = protocol::implicitCollectionOrg(name)) {
            add(subject, "a peer of " + organisation->str() + ", whose own collection it is",
                m_policies.implicitCollection(*organisation));
            return true;
        }
        const auto contract = m_contracts.find(ns, m_state);
        if (!contract.ok()) return false;
        const auto definition = (*contract)->collection(name);
        if (!definition || !definition->endorsementPolicy || definition->endorsementPolicy->empty())
            return false;
        add(subject, applicationPolicyText(*definition->endorsementPolicy, m_bundle.get()),
            m_policies.application(*definition->endorsementPolicy));
        return true;
    }

    void contract(const std::string& name) {
        if (name == protocol::kLifecycleNamespace) {
            const std::string_view path = "/Channel/Application/LifecycleEndorsement";
            return add("contract definitions",
                       fmt::format("{} ({})", path, channelPolicyText(*m_bundle, path)),
                       m_policies.lifecycle());
        }
        const auto contract = m_contracts.find(name, m_state);
        if (!contract.ok() || !(*contract)->defined) return;
        add("contract " + name, applicationPolicyText((*contract)->policy, m_bundle.get()),
            m_policies.application((*contract)->policy));
    }

    void add(std::string subject, std::string text, const verify::PolicyBook::Entry& entry) {
        if (!m_seen.insert(subject).second) return;
        PolicyVerdict verdict{.subject = std::move(subject), .text = std::move(text)};
        if (entry.policy == nullptr) {
            verdict.sentence = entry.problem;
            verdict.explanation = {.rule = "nobody can satisfy it", .why = entry.problem};
        } else {
            const policy::Explanation explanation =
                entry.policy->explain(m_transaction.endorsements.identities);
            verdict.satisfied = explanation.satisfied;
            verdict.sentence = policy::toSentence(explanation);
            verdict.explanation = describe(explanation);
        }
        m_verdicts.push_back(std::move(verdict));
    }

    const verify::PreparedTransaction& m_transaction;
    const verify::StateReader& m_state;
    verify::Contracts& m_contracts;
    const channel::BundlePtr& m_bundle;
    verify::PolicyBook m_policies;
    std::set<std::string> m_seen;
    std::vector<PolicyVerdict> m_verdicts;
};

}  // namespace

PolicyExplanation describe(const policy::Explanation& explanation) {
    PolicyExplanation description{.satisfied = explanation.satisfied,
                                  .rule = explanation.rule,
                                  .phrase = explanation.phrase,
                                  .needed = explanation.needed,
                                  .have = explanation.have,
                                  .usedBy = explanation.usedBy,
                                  .why = explanation.why};
    for (const policy::Explanation& part : explanation.parts)
        description.parts.push_back(describe(part));
    return description;
}

std::string signaturePolicyText(BytesView signaturePolicy) {
    const auto envelope = wire::parse<::common::SignaturePolicyEnvelope>(signaturePolicy, "policy");
    return envelope.ok() ? policyText(*envelope) : "a policy that cannot be read";
}

std::string channelPolicyText(const channel::Bundle& bundle, std::string_view path) {
    const auto policy =
        std::dynamic_pointer_cast<const policy::NamedPolicy>(bundle.policies().find(path));
    if (policy == nullptr) return {};
    if (const policy::ImplicitMetaPolicy* meta = policy->implicitMeta())
        return fmt::format("{} of {} organisations' {}", meta->threshold(), meta->children().size(),
                           meta->subPolicy());
    return signaturePolicyText(policy->envelope());
}

std::string applicationPolicyText(BytesView applicationPolicy, const channel::Bundle* bundle) {
    const auto policy = wire::parse<::protos::ApplicationPolicy>(applicationPolicy, "policy");
    if (!policy.ok()) return "a policy that cannot be read";
    if (policy->has_signature_policy()) return policyText(policy->signature_policy());
    // A relative name begins at the root group.
    const std::string& name = policy->channel_config_policy_reference();
    if (bundle == nullptr) return name;
    const std::string path = name.starts_with('/') ? name : "/Channel/" + name;
    const std::string there = channelPolicyText(*bundle, path);
    return fmt::format("{} ({})", name, there.empty() ? "no such policy, so nobody can" : there);
}

std::vector<PolicyVerdict> judgePolicies(const verify::PreparedTransaction& transaction,
                                         const verify::StateReader& state,
                                         verify::Contracts& contracts,
                                         const channel::BundlePtr& bundle) {
    return Judge(transaction, state, contracts, bundle).run();
}

}  // namespace chancery::usecase
