#include "src/usecase/PolicyVerdicts.h"

#include <algorithm>
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

void addSigners(const policy::Explanation& explanation, std::vector<std::string>& names) {
    if (!explanation.satisfied) return;
    if (!explanation.usedBy.empty() &&
        std::find(names.begin(), names.end(), explanation.usedBy) == names.end())
        names.push_back(explanation.usedBy);
    for (const policy::Explanation& part : explanation.parts) addSigners(part, names);
}

/// The rules of what is missing, in the notation of policies, which is no language.
void addMissing(const policy::Explanation& explanation, std::vector<std::string>& rules) {
    if (explanation.satisfied) return;
    if (explanation.parts.empty()) rules.push_back(explanation.rule);
    for (const policy::Explanation& part : explanation.parts) addMissing(part, rules);
}

std::string joined(const std::vector<std::string>& texts) {
    constexpr std::size_t kMost = 12;
    std::string all;
    for (std::size_t i = 0; i < std::min(kMost, texts.size()); ++i)
        all += (i == 0 ? "" : ", ") + texts[i];
    return texts.size() > kMost ? all + ", …" : all;
}

Sentence tellVerdict(const policy::Explanation& explanation) {
    Sentence sentence{.english = policy::toSentence(explanation)};
    std::vector<std::string> texts;
    if (explanation.satisfied) {
        addSigners(explanation, texts);
        sentence.id = texts.empty() ? "SATISFIED_WITHOUT" : "SATISFIED_BY";
        sentence.arguments = {{"names", joined(texts)}};
        return sentence;
    }
    addMissing(explanation, texts);
    sentence.id = "SIGNATURES_MISSING";
    sentence.arguments = {{"have", std::to_string(explanation.have)},
                          {"needed", std::to_string(explanation.needed)},
                          {"rules", joined(texts)}};
    return sentence;
}

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
                const std::string contract(ns);
                return add(collection.empty()
                               ? say("OF_KEY", "key {key} of {contract}",
                                     {{"key", std::string(key)}, {"contract", contract}})
                               : say("OF_HASHED_KEY", "key with a hashed name of {contract}",
                                     {{"contract", contract}}),
                           tellSignaturePolicy(**own), m_policies.key(**own));
            }
        }
        if (!collection.empty() && this->collection(ns, collection)) return;
        contract(std::string(ns));
    }

    /// False when the collection has no policy of its own.
    bool collection(std::string_view ns, std::string_view name) {
        const Sentence subject =
            say("OF_COLLECTION", "collection {collection} of {contract}",
                {{"collection", std::string(name)}, {"contract", std::string(ns)}});
        if (const auto organisation = protocol::implicitCollectionOrg(name)) {
            add(subject,
                say("PEER_OF_OWNER", "a peer of {organisation}, whose own collection it is",
                    {{"organisation", organisation->str()}}),
                m_policies.implicitCollection(*organisation));
            return true;
        }
        const auto contract = m_contracts.find(ns, m_state);
        if (!contract.ok()) return false;
        const auto definition = (*contract)->collection(name);
        if (!definition || !definition->endorsementPolicy || definition->endorsementPolicy->empty())
            return false;
        add(subject, tellApplicationPolicy(*definition->endorsementPolicy, m_bundle.get()),
            m_policies.application(*definition->endorsementPolicy));
        return true;
    }

    void contract(const std::string& name) {
        if (name == protocol::kLifecycleNamespace) {
            const std::string_view path = "/Channel/Application/LifecycleEndorsement";
            return add(say("OF_DEFINITIONS", "contract definitions"),
                       say("POLICY_OF_PATH", "{path} ({why})", {{"path", std::string(path)}},
                           tellChannelPolicy(*m_bundle, path)),
                       m_policies.lifecycle());
        }
        const auto contract = m_contracts.find(name, m_state);
        if (!contract.ok() || !(*contract)->defined) return;
        add(say("OF_CONTRACT", "contract {contract}", {{"contract", name}}),
            tellApplicationPolicy((*contract)->policy, m_bundle.get()),
            m_policies.application((*contract)->policy));
    }

    void add(Sentence subject, Sentence text, const verify::PolicyBook::Entry& entry) {
        if (!m_seen.insert(subject.english).second) return;
        PolicyVerdict verdict{.subject = std::move(subject), .text = std::move(text)};
        if (entry.policy == nullptr) {
            verdict.sentence = entry.problem;
            verdict.explanation = {.rule = "nobody can satisfy it",
                                   .why = entry.problem.english,
                                   .reasons = {entry.problem}};
        } else {
            const policy::Explanation explanation =
                entry.policy->explain(m_transaction.endorsements.identities);
            verdict.satisfied = explanation.satisfied;
            verdict.sentence = tellVerdict(explanation);
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
                                  .why = explanation.why,
                                  .reasons = explanation.reasons};
    for (const policy::Explanation& part : explanation.parts)
        description.parts.push_back(describe(part));
    return description;
}

Sentence tellSignaturePolicy(BytesView signaturePolicy) {
    const auto envelope = wire::parse<::common::SignaturePolicyEnvelope>(signaturePolicy, "policy");
    if (!envelope.ok()) return say("POLICY_UNREADABLE", "a policy that cannot be read");
    return {policyText(*envelope)};
}

std::string signaturePolicyText(BytesView signaturePolicy) {
    return tellSignaturePolicy(signaturePolicy).english;
}

Sentence tellChannelPolicy(const channel::Bundle& bundle, std::string_view path) {
    const auto policy =
        std::dynamic_pointer_cast<const policy::NamedPolicy>(bundle.policies().find(path));
    if (policy == nullptr) return {};
    if (const policy::ImplicitMetaPolicy* meta = policy->implicitMeta())
        return say("META_POLICY", "{needed} of {count} organisations' {policy}",
                   {{"needed", std::to_string(meta->threshold())},
                    {"count", std::to_string(meta->children().size())},
                    {"policy", std::string(meta->subPolicy())}});
    return tellSignaturePolicy(policy->envelope());
}

std::string channelPolicyText(const channel::Bundle& bundle, std::string_view path) {
    return tellChannelPolicy(bundle, path).english;
}

Sentence tellApplicationPolicy(BytesView applicationPolicy, const channel::Bundle* bundle) {
    const auto policy = wire::parse<::protos::ApplicationPolicy>(applicationPolicy, "policy");
    if (!policy.ok()) return say("POLICY_UNREADABLE", "a policy that cannot be read");
    if (policy->has_signature_policy()) return {policyText(policy->signature_policy())};
    // A relative name begins at the root group.
    const std::string& name = policy->channel_config_policy_reference();
    if (bundle == nullptr) return {name};
    const std::string path = name.starts_with('/') ? name : "/Channel/" + name;
    Sentence there = tellChannelPolicy(*bundle, path);
    if (there.empty()) there = say("NO_POLICY_THERE", "no such policy, so nobody can");
    return say("POLICY_OF_PATH", "{path} ({why})", {{"path", name}}, there);
}

std::string applicationPolicyText(BytesView applicationPolicy, const channel::Bundle* bundle) {
    return tellApplicationPolicy(applicationPolicy, bundle).english;
}

std::vector<PolicyVerdict> judgePolicies(const verify::PreparedTransaction& transaction,
                                         const verify::StateReader& state,
                                         verify::Contracts& contracts,
                                         const channel::BundlePtr& bundle) {
    return Judge(transaction, state, contracts, bundle).run();
}

}  // namespace chancery::usecase
