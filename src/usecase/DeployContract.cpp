#include "src/usecase/DeployContract.h"

#include <algorithm>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "src/usecase/CollectionsText.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

using interfaces::NodeAddress;

ContractCall lifecycleCall(const ChannelId& channel, const char* function,
                           const google::protobuf::Message& argument) {
    return {.channel = channel,
            .contract = "_lifecycle",
            .args = {function, wire::serialize(argument)}};
}

Result<Bytes> ask(const TransactionContext& context, const NodeAddress& peer, ContractCall call,
                  Deadline deadline) {
    return EvaluateTransaction().run(context,
                                     {.call = std::move(call), .peer = peer, .deadline = deadline});
}

/// The fields that approving, committing and asking have in common.
template <class Arguments>
Status fill(const DefinitionText& from, Arguments& to) {
    to.set_name(from.name);
    to.set_version(from.version);
    to.set_sequence(static_cast<std::int64_t>(from.sequence));
    to.set_init_required(from.initRequired);
    ASSIGN_OR_RETURN(*to.mutable_validation_parameter(), encodeEndorsementPolicy(from.policy));
    if (from.collectionsJson.empty()) return absl::OkStatus();
    return readCollectionsJson(from.collectionsJson, *to.mutable_collections());
}

/// Whether an answer has what people would write; what they leave out is the channel's own.
template <class Answer>
Result<bool> sameDefinition(const DefinitionText& text, const Answer& answer) {
    ::lifecycle::CommitChaincodeDefinitionArgs wanted;
    RETURN_IF_ERROR(fill(text, wanted));
    if (wanted.validation_parameter().empty()) {
        ASSIGN_OR_RETURN(*wanted.mutable_validation_parameter(),
                         encodeEndorsementPolicy("/Channel/Application/Endorsement"));
    }
    return answer.sequence() == wanted.sequence() && answer.version() == wanted.version() &&
           answer.init_required() == wanted.init_required() &&
           answer.validation_parameter() == wanted.validation_parameter() &&
           wire::serialize(answer.collections()) == wire::serialize(wanted.collections());
}

/// The answer of a query, or nothing when the contract says that there is no such thing.
template <class Answer>
Result<std::optional<Answer>> askFor(const TransactionContext& context, const NodeAddress& peer,
                                     ContractCall call, Deadline deadline) {
    const auto bytes = ask(context, peer, std::move(call), deadline);
    if (reasonOf(bytes.status()) == "CONTRACT_REFUSED") {
        const std::string message = argumentOf(bytes.status(), "message");
        if (argumentOf(bytes.status(), "status") == "404" ||
            message.find("is not defined") != std::string::npos ||
            message.find("could not fetch approved") != std::string::npos)
            return std::optional<Answer>();
    }
    if (!bytes.ok()) return bytes.status();
    ASSIGN_OR_RETURN(auto answer, wire::parse<Answer>(*bytes, "result"));
    return std::optional<Answer>(std::move(answer));
}

Result<std::optional<::lifecycle::QueryApprovedChaincodeDefinitionResult>> askApproved(
    const TransactionContext& context, const ChannelId& channel, const std::string& name,
    std::uint64_t sequence, const NodeAddress& peer, Deadline deadline) {
    ::lifecycle::QueryApprovedChaincodeDefinitionArgs args;
    args.set_name(name);
    args.set_sequence(static_cast<std::int64_t>(sequence));
    return askFor<::lifecycle::QueryApprovedChaincodeDefinitionResult>(
        context, peer, lifecycleCall(channel, "QueryApprovedChaincodeDefinition", args), deadline);
}

Result<std::optional<::lifecycle::QueryChaincodeDefinitionResult>> askDefined(
    const TransactionContext& context, const ChannelId& channel, const std::string& name,
    const NodeAddress& peer, Deadline deadline) {
    ::lifecycle::QueryChaincodeDefinitionArgs args;
    args.set_name(name);
    return askFor<::lifecycle::QueryChaincodeDefinitionResult>(
        context, peer, lifecycleCall(channel, "QueryChaincodeDefinition", args), deadline);
}

}  // namespace

Result<Bytes> encodeEndorsementPolicy(const std::string& text) {
    ::protos::ApplicationPolicy policy;
    if (text.empty()) return Bytes();
    if (text.starts_with('/')) {
        policy.set_channel_config_policy_reference(text);
    } else {
        ASSIGN_OR_RETURN(*policy.mutable_signature_policy(), policy::parsePolicyText(text));
    }
    return wire::serialize(policy);
}

Result<std::optional<DefinedContract>> DeployContract::defined(const TransactionContext& context,
                                                               const ChannelId& channel,
                                                               const std::string& name,
                                                               const NodeAddress& peer,
                                                               Deadline deadline) const {
    ASSIGN_OR_RETURN(const auto answer, askDefined(context, channel, name, peer, deadline));
    if (!answer) return std::optional<DefinedContract>();
    DefinedContract defined;
    defined.contract = {.name = name,
                        .version = answer->version(),
                        .sequence = static_cast<std::uint64_t>(answer->sequence())};
    defined.initRequired = answer->init_required();
    defined.policy = answer->validation_parameter();
    for (const auto& [organisation, approved] : answer->approvals())
        defined.approvals[organisation] = approved;
    return std::optional<DefinedContract>(std::move(defined));
}

Result<std::optional<ApprovedContract>> DeployContract::approved(
    const TransactionContext& context, const ChannelId& channel, const std::string& name,
    std::uint64_t sequence, const NodeAddress& peer, Deadline deadline) const {
    ASSIGN_OR_RETURN(const auto answer,
                     askApproved(context, channel, name, sequence, peer, deadline));
    if (!answer) return std::optional<ApprovedContract>();
    return std::optional<ApprovedContract>(
        {.version = answer->version(),
         .sequence = static_cast<std::uint64_t>(answer->sequence()),
         .packageId = answer->source().local_package().package_id()});
}

Result<std::optional<std::string>> DeployContract::installedAs(const TransactionContext& context,
                                                               const NodeAddress& peer,
                                                               BytesView package,
                                                               Deadline deadline) const {
    const std::string hash = PackageContract::idOf("", package);  // ":<hash>"
    ASSIGN_OR_RETURN(const auto all, installed(context, peer, deadline));
    for (const Installed& one : all)
        if (one.packageId.ends_with(hash)) return std::optional<std::string>(one.packageId);
    return std::optional<std::string>();
}

Result<bool> DeployContract::isApproved(const TransactionContext& context, const ChannelId& channel,
                                        const DefinitionText& definition,
                                        const std::string& packageId, const NodeAddress& peer,
                                        Deadline deadline) const {
    ASSIGN_OR_RETURN(const auto answer, askApproved(context, channel, definition.name,
                                                    definition.sequence, peer, deadline));
    if (!answer || answer->source().local_package().package_id() != packageId) return false;
    return sameDefinition(definition, *answer);
}

Result<bool> DeployContract::isCommitted(const TransactionContext& context,
                                         const ChannelId& channel, const DefinitionText& definition,
                                         const NodeAddress& peer, Deadline deadline) const {
    ASSIGN_OR_RETURN(const auto answer,
                     askDefined(context, channel, definition.name, peer, deadline));
    if (!answer) return false;
    return sameDefinition(definition, *answer);
}

bool Readiness::ready() const {
    return std::all_of(approvals.begin(), approvals.end(),
                       [](const auto& organisation) { return organisation.second; });
}

Result<Installed> DeployContract::install(const TransactionContext& context,
                                          const NodeAddress& peer, BytesView package,
                                          Deadline deadline) const {
    ::lifecycle::InstallChaincodeArgs args;
    args.set_chaincode_install_package(std::string(package));
    ASSIGN_OR_RETURN(const Bytes bytes,
                     ask(context, peer, lifecycleCall({}, "InstallChaincode", args), deadline));
    ASSIGN_OR_RETURN(const auto result,
                     wire::parse<::lifecycle::InstallChaincodeResult>(bytes, "result"));
    return Installed{.packageId = result.package_id(), .label = result.label()};
}

Result<std::vector<Installed>> DeployContract::installed(const TransactionContext& context,
                                                         const NodeAddress& peer,
                                                         Deadline deadline) const {
    const ::lifecycle::QueryInstalledChaincodesArgs args;
    ASSIGN_OR_RETURN(
        const Bytes bytes,
        ask(context, peer, lifecycleCall({}, "QueryInstalledChaincodes", args), deadline));
    ASSIGN_OR_RETURN(const auto result,
                     wire::parse<::lifecycle::QueryInstalledChaincodesResult>(bytes, "result"));
    std::vector<Installed> all;
    for (const auto& installed : result.installed_chaincodes())
        all.push_back({.packageId = installed.package_id(), .label = installed.label()});
    return all;
}

Result<Submitted> DeployContract::approve(const TransactionContext& context,
                                          const DefinitionText& definition,
                                          const std::string& packageId,
                                          SubmitRequest request) const {
    ::lifecycle::ApproveChaincodeDefinitionForMyOrgArgs args;
    RETURN_IF_ERROR(fill(definition, args));
    if (packageId.empty())
        args.mutable_source()->mutable_unavailable();
    else
        args.mutable_source()->mutable_local_package()->set_package_id(packageId);
    request.call = lifecycleCall(request.call.channel, "ApproveChaincodeDefinitionForMyOrg", args);
    return SubmitTransaction().run(context, request);
}

Result<Submitted> DeployContract::commit(const TransactionContext& context,
                                         const DefinitionText& definition,
                                         SubmitRequest request) const {
    ::lifecycle::CommitChaincodeDefinitionArgs args;
    RETURN_IF_ERROR(fill(definition, args));
    request.call = lifecycleCall(request.call.channel, "CommitChaincodeDefinition", args);
    return SubmitTransaction().run(context, request);
}

Result<Readiness> DeployContract::readiness(const TransactionContext& context,
                                            const ChannelId& channel,
                                            const DefinitionText& definition,
                                            const NodeAddress& peer, Deadline deadline) const {
    ::lifecycle::CheckCommitReadinessArgs args;
    RETURN_IF_ERROR(fill(definition, args));
    ASSIGN_OR_RETURN(
        const Bytes bytes,
        ask(context, peer, lifecycleCall(channel, "CheckCommitReadiness", args), deadline));
    ASSIGN_OR_RETURN(const auto result,
                     wire::parse<::lifecycle::CheckCommitReadinessResult>(bytes, "result"));
    Readiness readiness;
    for (const auto& [organisation, approved] : result.approvals())
        readiness.approvals[organisation] = approved;
    return readiness;
}

Result<std::vector<CommittedContract>> DeployContract::committed(const TransactionContext& context,
                                                                 const ChannelId& channel,
                                                                 const NodeAddress& peer,
                                                                 Deadline deadline) const {
    const ::lifecycle::QueryChaincodeDefinitionsArgs args;
    ASSIGN_OR_RETURN(
        const Bytes bytes,
        ask(context, peer, lifecycleCall(channel, "QueryChaincodeDefinitions", args), deadline));
    ASSIGN_OR_RETURN(const auto result,
                     wire::parse<::lifecycle::QueryChaincodeDefinitionsResult>(bytes, "result"));
    std::vector<CommittedContract> all;
    for (const auto& definition : result.chaincode_definitions())
        all.push_back({.name = definition.name(),
                       .version = definition.version(),
                       .sequence = static_cast<std::uint64_t>(definition.sequence())});
    return all;
}

}  // namespace chancery::usecase
