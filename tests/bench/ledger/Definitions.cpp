#include "tests/bench/ledger/Definitions.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/policy/SignaturePolicy.h"
#include "src/protocol/Event.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ReadWriteSetBuilder.h"
#include "src/protocol/TransactionBuilder.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::bench {
namespace {

using protocol::LifecycleKey;

constexpr std::string_view kNamespace = protocol::kLifecycleNamespace;

Result<::common::SignaturePolicyEnvelope> policyOf(const Consortium& consortium, int needed) {
    std::string text = fmt::format("OutOf({}", needed);
    for (const Party& party : consortium.organisations)
        text += fmt::format(", '{}.peer'", party.mspId.str());
    return policy::parsePolicyText(text + ")");
}

/// What every lifecycle function looks at first.
Status readDefinition(protocol::ReadWriteSetBuilder& set, const std::string& contract) {
    const LifecycleKey number{.kind = LifecycleKey::Kind::Definition,
                              .chaincode = contract,
                              .sequence = 0,
                              .field = "Sequence"};
    LifecycleKey fields = number;
    fields.field.clear();
    RETURN_IF_ERROR(set.read(kNamespace, number.str(), std::nullopt));
    RETURN_IF_ERROR(set.read(kNamespace, fields.str(), std::nullopt));
    return set.read(protocol::kLegacyLifecycleNamespace, contract, std::nullopt);
}

std::string packageOf(const ContractPlan& plan) {
    const std::string label = plan.name + "_" + plan.definition.version;
    return label + ":" + toHex(crypto::sha256(label));
}

template <class Args>
Result<Args> argsOf(const ContractPlan& plan) {
    Args args;
    args.set_sequence(static_cast<std::int64_t>(plan.definition.sequence));
    args.set_name(plan.name);
    args.set_version(plan.definition.version);
    args.set_validation_parameter(plan.definition.validationParameter);
    if (!plan.definition.collectionsBytes.empty()) {
        ASSIGN_OR_RETURN(*args.mutable_collections(),
                         wire::parse<::protos::CollectionConfigPackage>(
                             plan.definition.collectionsBytes, "collections"));
    }
    return args;
}

Result<ContractPlan> planOf(const std::string& name, const std::string& version,
                            const ::common::SignaturePolicyEnvelope& policy,
                            std::vector<protocol::Collection> collections) {
    ContractPlan plan;
    plan.name = name;
    ::protos::ApplicationPolicy application;
    *application.mutable_signature_policy() = policy;
    plan.definition.sequence = 1;
    plan.definition.version = version;
    plan.definition.endorsementPlugin = "escc";
    plan.definition.validationPlugin = "vscc";
    plan.definition.validationParameter = wire::serialize(application);
    plan.definition.collections = std::move(collections);
    if (!plan.definition.collections.empty()) {
        ASSIGN_OR_RETURN(plan.definition.collectionsBytes,
                         protocol::encodeCollections(plan.definition.collections));
    }
    return plan;
}

}  // namespace

Result<Bytes> makeTransaction(const ChannelId& channel, const EndorsedCall& call) {
    const auto signerOf = [](const identity::SigningIdentity& identity) {
        return [&identity](BytesView message) { return identity.sign(message); };
    };
    ASSIGN_OR_RETURN(const auto proposal,
                     protocol::buildProposal({.channel = channel,
                                              .chaincode = call.contract,
                                              .args = call.arguments,
                                              .transient = {},
                                              .tlsCertHash = {}},
                                             call.client->serialized(), call.nonce, call.time));
    const Bytes event = call.eventName.empty()
                            ? Bytes()
                            : protocol::encodeChaincodeEvent({call.contract, proposal.txId.str(),
                                                              call.eventName, call.eventPayload});
    const protocol::SimulationResult result{
        .proposalHash = protocol::computeProposalHash(proposal.channelHeader,
                                                      proposal.signatureHeader, proposal.payload),
        .results = call.results,
        .event = event,
        .responseMessage = {},
        .responsePayload = call.responsePayload,
        .chaincode = call.contract,
        .chaincodeVersion = call.version};
    std::vector<protocol::ProposalResponse> responses;
    for (const auto* endorser : call.endorsers) {
        ASSIGN_OR_RETURN(Bytes response,
                         protocol::endorse(result, endorser->serialized(), signerOf(*endorser)));
        ASSIGN_OR_RETURN(auto decoded, protocol::decodeProposalResponse(
                                           protocol::SharedBytes(std::move(response))));
        responses.push_back(std::move(decoded));
    }
    return protocol::assembleSignedTransaction(proposal.bytes, responses, call.client->serialized(),
                                               signerOf(*call.client));
}

Result<std::vector<ContractPlan>> contractsOf(const Consortium& consortium) {
    const int two = consortium.organisations.size() > 1 ? 2 : 1;
    ASSIGN_OR_RETURN(const auto anyTwo, policyOf(consortium, two));
    ASSIGN_OR_RETURN(const auto anyOne, policyOf(consortium, 1));
    protocol::Collection terms;
    terms.name = "settlementTerms";
    terms.memberOrgsPolicy = wire::serialize(anyOne);
    terms.maximumPeerCount = 2;
    terms.memberOnlyRead = terms.memberOnlyWrite = true;
    ASSIGN_OR_RETURN(auto wallet, planOf("wallet", "1.0", anyTwo, {terms}));
    ASSIGN_OR_RETURN(auto poe, planOf("poe", "2.1", anyOne, {}));
    return std::vector{std::move(wallet), std::move(poe)};
}

Result<EndorsedCall> approvalOf(ContractPlan& plan, const Consortium& consortium,
                                std::size_t organisation, const protocol::Version& at,
                                protocol::UpdateBatch& updates) {
    const Party& party = consortium.organisations[organisation];
    const std::string collection = protocol::implicitCollectionName(party.mspId);
    protocol::ReadWriteSetBuilder set;
    RETURN_IF_ERROR(readDefinition(set, plan.name));
    for (const auto kind : {LifecycleKey::Kind::Approval, LifecycleKey::Kind::Source}) {
        const LifecycleKey key{.kind = kind,
                               .chaincode = plan.name,
                               .sequence = plan.definition.sequence,
                               .field = {}};
        RETURN_IF_ERROR(set.privateRead(kNamespace, collection, key.str(), std::nullopt));
    }
    for (const auto& [key, value] :
         protocol::encodeApproval(plan.name, plan.definition, packageOf(plan))) {
        RETURN_IF_ERROR(set.privateWrite(kNamespace, collection, key, value));
        updates.putHash(kNamespace, collection, crypto::sha256(key), crypto::sha256(value), at);
    }
    plan.approvedAt.push_back(at);
    ASSIGN_OR_RETURN(auto args, argsOf<::lifecycle::ApproveChaincodeDefinitionForMyOrgArgs>(plan));
    args.mutable_source()->mutable_local_package()->set_package_id(packageOf(plan));
    EndorsedCall call;
    call.contract = kNamespace;
    call.version = "syscc";
    call.arguments = {"ApproveChaincodeDefinitionForMyOrg", wire::serialize(args)};
    call.results = set.build().publicSet;
    call.client = party.admin.get();
    call.endorsers = {party.node.get()};
    return call;
}

Result<EndorsedCall> definitionOf(const ContractPlan& plan, const Consortium& consortium,
                                  const protocol::Version& at, protocol::UpdateBatch& updates) {
    protocol::ReadWriteSetBuilder set;
    RETURN_IF_ERROR(readDefinition(set, plan.name));
    EndorsedCall call;
    for (std::size_t i = 0; i < consortium.organisations.size(); ++i) {
        const Party& party = consortium.organisations[i];
        const std::string collection = protocol::implicitCollectionName(party.mspId);
        for (const auto& [key, value] :
             protocol::encodeApproval(plan.name, plan.definition, packageOf(plan)))
            if (LifecycleKey::parse(key)->kind == LifecycleKey::Kind::Approval)
                RETURN_IF_ERROR(set.privateRead(kNamespace, collection, key, plan.approvedAt[i]));
        call.endorsers.push_back(party.node.get());
    }
    for (const auto& [key, value] : protocol::encodeDefinition(plan.name, plan.definition)) {
        RETURN_IF_ERROR(set.write(kNamespace, key, value));
        updates.put(kNamespace, key, value, at);
    }
    ASSIGN_OR_RETURN(const auto args, argsOf<::lifecycle::CommitChaincodeDefinitionArgs>(plan));
    call.contract = kNamespace;
    call.version = "syscc";
    call.arguments = {"CommitChaincodeDefinition", wire::serialize(args)};
    call.results = set.build().publicSet;
    call.client = consortium.organisations.front().admin.get();
    return call;
}

}  // namespace chancery::bench
