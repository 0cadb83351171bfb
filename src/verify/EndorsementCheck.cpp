#include "src/verify/EndorsementCheck.h"

#include <fmt/format.h>

#include <set>

#include "src/base/Encoding.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::verify {
namespace {

using protocol::ValidationCode;

constexpr std::size_t kShown = 128;
constexpr std::string_view kBuiltInPlugin = "vscc";

std::string keyText(std::string_view collection, std::string_view key) {
    return collection.empty() ? fmt::format("key \"{}\"", printable(key, kShown))
                              : fmt::format("private key with hash {} of collection {}", toHex(key),
                                            printable(collection, kShown));
}

/// What sentences about a key name; `writer` is the transaction that sets its policy.
ErrorArguments keyArguments(std::string_view ns, std::string_view collection, std::string_view key,
                            std::optional<std::size_t> writer) {
    ErrorArguments arguments{{"contract", printable(ns, kShown)}};
    if (collection.empty()) {
        arguments.emplace_back("key", printable(key, kShown));
    } else {
        arguments.emplace_back("hash", toHex(key));
        arguments.emplace_back("collection", printable(collection, kShown));
    }
    if (writer) arguments.emplace_back("transaction", std::to_string(*writer));
    return arguments;
}

}  // namespace

EndorsementCheck::EndorsementCheck(std::span<const PreparedTransaction> block,
                                   const StateReader& state, Contracts& contracts,
                                   PolicyBook& policies)
    : m_block(block),
      m_state(state),
      m_contracts(contracts),
      m_policies(policies),
      m_outcomes(block.size()) {}

Result<EndorsementVerdict> EndorsementCheck::check(std::size_t index) {
    EndorsementVerdict verdict;
    const PreparedTransaction& tx = m_block[index];
    std::map<std::string_view, const protocol::NamespaceReadWriteSet*> namespaces;
    namespaces.emplace(tx.transaction.extensionChaincode->name, nullptr);
    for (const auto& ns : tx.readWriteSet()->namespaces)
        if (const auto named = namespaces.find(ns.name); named != namespaces.end())
            named->second = &ns;
        else if (ns.writesAnything())
            namespaces.emplace(ns.name, &ns);

    noteDependencies(index);
    for (const auto& [ns, set] : namespaces) {
        ASSIGN_OR_RETURN(const bool met, checkNamespace(index, ns, set, verdict));
        if (!met) break;
    }
    return verdict;
}

/// Peers note whose metadata a transaction sets whether it turns out valid or not.
void EndorsementCheck::noteDependencies(std::size_t upTo) {
    for (; m_noted < upTo; ++m_noted) {
        const auto* set = m_block[m_noted].readWriteSet();
        if (set == nullptr) continue;
        for (const auto& ns : set->namespaces) {
            for (const auto& write : ns.metadataWrites)
                m_metadataWriters[{ns.name, {}, write.key}].push_back(m_noted);
            for (const auto& collection : ns.collections)
                for (const auto& write : collection.metadataWrites)
                    m_metadataWriters[{ns.name, collection.collection, write.keyHash}].push_back(
                        m_noted);
        }
    }
}

EndorsementCheck::Outcome EndorsementCheck::outcomeOf(std::size_t index,
                                                      std::string_view ns) const {
    const auto found = m_outcomes[index].find(ns);
    if (found == m_outcomes[index].end()) return Outcome::NotChecked;
    return found->second ? Outcome::Accepted : Outcome::Refused;
}

Result<bool> EndorsementCheck::checkNamespace(std::size_t index, std::string_view ns,
                                              const protocol::NamespaceReadWriteSet* set,
                                              EndorsementVerdict& verdict) {
    ASSIGN_OR_RETURN(const Contract* contract, m_contracts.find(ns, m_state));
    Scope scope{index, set, contract, &verdict, {}};
    if (!contract->broken.empty()) {
        const ErrorArguments arguments{{"contract", printable(ns, kShown)},
                                       {"fault", contract->broken}};
        verdict.hazard = Hazard{index, "BAD_DEFINITION",
                                fmt::format("Peers stop here: the definition of contract {} in the "
                                            "state cannot be read: {}.",
                                            printable(ns, kShown), contract->broken),
                                arguments};
        verdict.hazard->arguments.emplace_back("stops", "Peers stop here.");
        return refuse(
            scope, ValidationCode::InvalidChaincode,
            say("BAD_DEFINITION", "The definition of contract {contract} cannot be read: {fault}.",
                arguments));
    }
    const bool isLifecycle = ns == protocol::kLifecycleNamespace;
    if (!contract->defined || contract->plugin.empty() ||
        (contract->policy.empty() && !isLifecycle))
        return refuse(
            scope, ValidationCode::InvalidChaincode,
            say("NO_DEFINITION", "The channel has no complete definition of contract {contract}.",
                {{"contract", printable(ns, kShown)}}));
    if (contract->plugin != kBuiltInPlugin) {
        const ErrorArguments arguments{{"contract", printable(ns, kShown)},
                                       {"plugin", printable(contract->plugin, kShown)}};
        const auto missing = say("UNKNOWN_PLUGIN",
                                 "Contract {contract} asks for the validation plugin {plugin}, "
                                 "which is not known here.",
                                 arguments);
        verdict.computed = false;
        tell(verdict.cause.emplace(), missing);
        verdict.hazard = Hazard{
            index, "UNKNOWN_PLUGIN",
            fmt::format("Peers without it stop here: {}", verdict.cause->sentence), arguments};
        verdict.hazard->arguments.emplace_back("stops", "Peers without it stop here:");
        return true;
    }
    ASSIGN_OR_RETURN(const bool met, checkWrites(scope));
    m_outcomes[index].emplace(ns, met);
    return met;
}

Result<bool> EndorsementCheck::checkWrites(Scope& scope) {
    const auto each = [&](const auto& writes, std::string_view collection,
                          const auto& keyOf) -> Result<bool> {
        for (const auto& write : writes) {
            ASSIGN_OR_RETURN(const bool met, checkKey(scope, collection, keyOf(write)));
            if (!met) return false;
        }
        return true;
    };
    const auto publicKey = [](const auto& write) { return write.key; };
    const auto hashedKey = [](const auto& write) { return write.keyHash; };
    if (scope.set != nullptr) {
        ASSIGN_OR_RETURN(bool met, each(scope.set->writes, {}, publicKey));
        if (met) {
            ASSIGN_OR_RETURN(met, each(scope.set->metadataWrites, {}, publicKey));
        }
        for (const auto& collection : scope.set->collections) {
            if (!met) break;
            ASSIGN_OR_RETURN(met, each(collection.writes, collection.collection, hashedKey));
        }
        for (const auto& collection : scope.set->collections) {
            if (!met) break;
            ASSIGN_OR_RETURN(met,
                             each(collection.metadataWrites, collection.collection, hashedKey));
        }
        if (!met) return false;
    }
    return scope.anyDone || checkContract(scope);
}

Result<bool> EndorsementCheck::checkKey(Scope& scope, std::string_view collection,
                                        std::string_view key) {
    const std::string_view ns = scope.contract->name;
    if (const auto writers = m_metadataWriters.find({ns, collection, key});
        writers != m_metadataWriters.end()) {
        for (const std::size_t writer : writers->second) {
            const Outcome outcome = outcomeOf(writer, ns);
            if (outcome == Outcome::NotChecked && !scope.verdict->hazard)
                scope.verdict->hazard = Hazard{
                    scope.index, "WAITS_FOR_UNCHECKED",
                    fmt::format("Peers wait here for ever: transaction {} sets the policy of {}, "
                                "but is refused before its policies are looked at.",
                                writer, keyText(collection, key)),
                    keyArguments(ns, collection, key, writer)};
            if (outcome != Outcome::Accepted) continue;
            return refuse(
                scope, ValidationCode::EndorsementPolicyFailure,
                {fmt::format("Transaction {} of the same block changes the policy of {} of {}.",
                             writer, keyText(collection, key), printable(ns, kShown)),
                 "KEY_POLICY_CHANGED", keyArguments(ns, collection, key, writer)});
        }
    }
    Bytes metadata;
    if (collection.empty()) {
        ASSIGN_OR_RETURN(metadata, m_state.metadata(ns, key));
    } else if (hasKeyPolicies(*scope.contract, collection)) {
        ASSIGN_OR_RETURN(metadata, m_state.metadata(hashedNamespace(ns, collection), key));
    }
    ASSIGN_OR_RETURN(const auto own, metadataEntry(metadata, protocol::kValidationParameter));
    if (!own || own->empty())
        return collection.empty() ? checkContract(scope) : checkCollection(scope, collection);

    const PolicyBook::Entry& policy = m_policies.key(*own);
    if (policy.malformed)
        scope.verdict->hazard =
            Hazard{scope.index, "BAD_KEY_POLICY",
                   fmt::format("Peers stop here: the policy of {} of {} cannot be decoded.",
                               keyText(collection, key), printable(ns, kShown)),
                   keyArguments(ns, collection, key, std::nullopt)};
    if (!satisfied(scope, policy,
                   fmt::format("{} of {}", keyText(collection, key), printable(ns, kShown))))
        return false;
    scope.anyDone = true;
    return true;
}

/// Peers leave key policies alone in collections that the contract does not have, and meet the
/// missing collection in the next step.
bool EndorsementCheck::hasKeyPolicies(const Contract& contract, std::string_view collection) const {
    if (const auto org = protocol::implicitCollectionOrg(collection); org && !contract.legacy)
        return m_policies.bundle()->applicationOrgs().contains(*org);
    return contract.collection(collection).has_value();
}

bool EndorsementCheck::checkCollection(Scope& scope, std::string_view collection) {
    bool& done = scope.collectionDone[collection];
    if (done) return true;
    const Contract& contract = *scope.contract;
    const std::string subject = fmt::format("collection {} of {}", printable(collection, kShown),
                                            printable(contract.name, kShown));
    const auto org = protocol::implicitCollectionOrg(collection);
    if (contract.legacy) return checkContract(scope);
    if (org) {
        if (!satisfied(scope, m_policies.implicitCollection(*org), subject)) return false;
    } else {
        const auto defined = contract.collection(collection);
        if (!defined)
            return refuse(
                scope, ValidationCode::EndorsementPolicyFailure,
                say("UNKNOWN_COLLECTION", "Contract {contract} has no collection {collection}.",
                    {{"contract", printable(contract.name, kShown)},
                     {"collection", printable(collection, kShown)}}));
        // Without a policy of its own the collection has the contract's, but is checked by itself.
        const Bytes& policy =
            defined->endorsementPolicy ? *defined->endorsementPolicy : contract.policy;
        if (policy.empty()) return checkContract(scope);
        if (!satisfied(scope, m_policies.application(policy), subject)) return false;
    }
    done = true;
    scope.anyDone = true;
    return true;
}

bool EndorsementCheck::checkContract(Scope& scope) {
    if (scope.contractDone) return true;
    const Contract& contract = *scope.contract;
    const PolicyBook::Entry& policy = contract.name == protocol::kLifecycleNamespace
                                          ? m_policies.lifecycle()
                                          : m_policies.application(contract.policy);
    if (!satisfied(scope, policy, fmt::format("contract {}", printable(contract.name, kShown))))
        return false;
    scope.contractDone = true;
    scope.anyDone = true;
    return true;
}

bool EndorsementCheck::satisfied(Scope& scope, const PolicyBook::Entry& policy,
                                 std::string subject) {
    const auto& endorsements = m_block[scope.index].endorsements;
    if (policy.policy != nullptr && policy.policy->isSatisfiedBy(endorsements.identities))
        return true;
    UnmetPolicy unmet;
    if (policy.policy != nullptr) {
        unmet.explanation = policy.policy->explain(endorsements.identities);
    } else {
        unmet.explanation.rule = "nobody";
        unmet.explanation.why = policy.problem.english;
        unmet.explanation.reasons = {policy.problem};
    }
    unmet.rejected = policy::rejectedOf(endorsements);
    std::string sentence = fmt::format(
        "The endorsement policy of {} is not met: {}.", subject,
        policy.policy != nullptr ? policy::toSentence(unmet.explanation) : policy.problem.english);
    if (!unmet.rejected.empty()) sentence += fmt::format(" Not counted: {}.", unmet.rejected);
    unmet.subject = std::move(subject);
    refuse(scope, ValidationCode::EndorsementPolicyFailure,
           {std::move(sentence),
            "POLICY_NOT_SATISFIED",
            {{"have", std::to_string(unmet.explanation.have)},
             {"needed", std::to_string(unmet.explanation.needed)}}});
    scope.verdict->cause->policy = std::move(unmet);
    return false;
}

bool EndorsementCheck::refuse(Scope& scope, ValidationCode code, Sentence sentence) {
    scope.verdict->code = code;
    Cause cause;
    tell(cause, std::move(sentence));
    scope.verdict->cause = std::move(cause);
    return false;
}

}  // namespace chancery::verify
