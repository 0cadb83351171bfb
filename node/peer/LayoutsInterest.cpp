#include "node/peer/LayoutsInterest.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "fabric/peer/policy.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/policy/RuleTree.h"
#include "src/policy/StandardPolicies.h"
#include "src/protocol/Lifecycle.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::string_view kLifecyclePolicy = "/Channel/Application/LifecycleEndorsement";

// Clients see these sentences; programs compare them, so there is no reason beside them.
Status refuseInterest(const std::string& sentence) {
    return {StatusCode::kFailedPrecondition, sentence};
}

Status noMetadata(const PeerChannel& channel, std::string_view contract) {
    return refuseInterest(fmt::format("No metadata was found for chaincode {} in channel {}",
                                      contract, channel.channelId().str()));
}

Result<::common::SignaturePolicyEnvelope> toSignaturePolicy(BytesView applicationPolicy,
                                                            const policy::PolicyTree& tree) {
    if (applicationPolicy.empty()) return tree.asSignaturePolicy(policy::kDefaultEndorsementPolicy);
    ASSIGN_OR_RETURN(auto parsed,
                     wire::parse<::protos::ApplicationPolicy>(
                         applicationPolicy, "application_policy", policy::kPolicyLimits));
    if (parsed.has_signature_policy()) return std::move(*parsed.mutable_signature_policy());
    return tree.asSignaturePolicy(parsed.channel_config_policy_reference());
}

Result<protocol::ChaincodeDefinition> definitionOf(PeerChannel& channel, const std::string& name) {
    if (name == protocol::kLifecycleNamespace) {
        ::protos::ApplicationPolicy policy;
        policy.set_channel_config_policy_reference(std::string(kLifecyclePolicy));
        protocol::ChaincodeDefinition definition;
        definition.sequence = 1;
        definition.validationParameter = wire::serialize(policy);
        return definition;
    }
    ASSIGN_OR_RETURN(auto definition, channel.definition(name));
    if (!definition) return noMetadata(channel, name);
    return *std::move(definition);
}

/// A collection's own policies; the implicit ones belong to one organisation.
Status readCollection(const std::string& name, const protocol::ChaincodeDefinition& definition,
                      const policy::PolicyTree& tree, ContractFacts& out) {
    if (const auto org = protocol::implicitCollectionOrg(name)) {
        const auto policy = policy::policyOfRole(1, policy::Role::Member, {*org});
        out.members.emplace(name, policy);
        out.collectionPolicies.emplace(name, policy);
        return {};
    }
    const protocol::Collection* collection = definition.collection(name);
    if (collection == nullptr) return {};
    ASSIGN_OR_RETURN(auto members, wire::parse<::common::SignaturePolicyEnvelope>(
                                       collection->memberOrgsPolicy, "member_orgs_policy",
                                       policy::kPolicyLimits));
    out.members.emplace(name, std::move(members));
    if (collection->endorsementPolicy.empty()) return {};
    ASSIGN_OR_RETURN(auto own, toSignaturePolicy(collection->endorsementPolicy, tree));
    out.collectionPolicies.emplace(name, std::move(own));
    return {};
}

Status requireUsable(const ::common::SignaturePolicyEnvelope& policy) {
    if (policy.identities().empty() || !policy.has_rule())
        return refuseInterest("policy not found");
    return {};
}

/// The policies that one call brings in. Which collections lack a policy of their own fall under
/// the contract's.
Result<std::vector<const ::common::SignaturePolicyEnvelope*>> policiesOf(
    const ::protos::ChaincodeCall& call, const ContractFacts& contract) {
    RETURN_IF_ERROR(requireUsable(contract.policy));
    std::vector<const ::common::SignaturePolicyEnvelope*> own;
    bool needsContracts = call.collection_names().empty();
    std::set<std::string> seen;
    for (const std::string& name : call.collection_names()) {
        const auto found = contract.collectionPolicies.find(name);
        if (found == contract.collectionPolicies.end()) {
            needsContracts = true;
            continue;
        }
        RETURN_IF_ERROR(requireUsable(found->second));
        if (seen.insert(wire::serialize(found->second)).second) own.push_back(&found->second);
    }
    if (!needsContracts) return own;
    if (!call.disregard_namespace_policy()) {
        own.insert(own.begin(), &contract.policy);
        return own;
    }
    if (own.empty() && call.key_policies().empty())
        return refuseInterest(fmt::format(
            "requested to disregard chaincode {}'s policy but key and collection policies are "
            "missing, either disable DisregardNamespacePolicy or specify at least one key policy "
            "or at least one collection policy",
            call.name()));
    return own;
}

}  // namespace

Result<std::vector<ContractFacts>> factsOf(PeerChannel& channel,
                                           const ::protos::ChaincodeInterest& interest) {
    const auto bundle = channel.bundle();
    std::vector<ContractFacts> result;
    for (const auto& call : interest.chaincodes()) {
        ASSIGN_OR_RETURN(const auto definition, definitionOf(channel, call.name()));
        ContractFacts facts;
        facts.name = call.name();
        facts.sequence = definition.sequence;
        auto policy = toSignaturePolicy(definition.validationParameter, bundle->policies());
        // As in Fabric, a policy that leads nowhere hides the whole contract.
        if (!policy.ok()) return noMetadata(channel, call.name());
        facts.policy = *std::move(policy);
        for (const std::string& collection : call.collection_names()) {
            if (!readCollection(collection, definition, bundle->policies(), facts).ok())
                return noMetadata(channel, call.name());
            if (!call.no_private_reads() && !facts.members.contains(collection))
                return refuseInterest(
                    fmt::format("collection {} doesn't exist in collection config for chaincode {}",
                                collection, call.name()));
        }
        result.push_back(std::move(facts));
    }
    return result;
}

Result<std::optional<std::uint64_t>> sequenceOf(PeerChannel& channel, std::string_view contract) {
    if (contract == protocol::kLifecycleNamespace) return std::uint64_t{1};
    ASSIGN_OR_RETURN(const auto definition, channel.definition(contract));
    if (!definition) return std::optional<std::uint64_t>();
    return std::optional(definition->sequence);
}

Result<std::vector<PrincipalSet>> setsFor(const ::protos::ChaincodeInterest& interest,
                                          const std::vector<ContractFacts>& contracts,
                                          PrincipalTable& table) {
    std::optional<std::vector<PrincipalSet>> all;
    const auto add = [&](const ::common::SignaturePolicyEnvelope& policy,
                         const char* problem) -> Status {
        auto sets = setsOf(policy, table);
        if (!sets.ok() || sets->empty()) return refuseInterest(problem);
        all = all ? mergeSets(*all, *sets, table) : *std::move(sets);
        return {};
    };
    for (int i = 0; i < interest.chaincodes_size(); ++i) {
        ASSIGN_OR_RETURN(const auto policies, policiesOf(interest.chaincodes(i),
                                                         contracts[static_cast<std::size_t>(i)]));
        for (const auto* policy : policies)
            RETURN_IF_ERROR(add(*policy, "endorsement policy cannot be satisfied"));
    }
    std::set<std::string> seen;
    for (const auto& call : interest.chaincodes())
        for (const auto& policy : call.key_policies())
            if (seen.insert(wire::serialize(policy)).second)
                RETURN_IF_ERROR(add(policy, "state based endorsement policy cannot be satisfied"));
    if (!all) return refuseInterest("no principal sets remained after filtering");
    return *std::move(all);
}

}  // namespace chancery::node
