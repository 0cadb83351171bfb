#include "node/chaincode/LifecycleFunctions.h"

#include <fmt/format.h>

#include <map>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/chaincode_definition.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "fabric/peer/policy.pb.h"
#include "node/chaincode/CollectionRules.h"
#include "node/chaincode/Definitions.h"
#include "src/base/Encoding.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

namespace lc = ::lifecycle;
constexpr std::string_view kNamespaces = "namespaces";
constexpr std::string_view kSources = "chaincode-sources";
constexpr std::string_view kParametersType = "ChaincodeParameters";

Status fail(std::string sentence) {
    return makeError(StatusCode::kFailedPrecondition, "LIFECYCLE", sentence);
}

/// What organisations agree on, without the sequence.
struct Parameters {
    lc::ChaincodeEndorsementInfo endorsement;
    lc::ChaincodeValidationInfo validation;
    ::protos::CollectionConfigPackage collections;

    std::vector<LifecycleRecord::Field> fields() const {
        return {{"EndorsementInfo", protocol::encodeStateBytes(wire::serialize(endorsement))},
                {"ValidationInfo", protocol::encodeStateBytes(wire::serialize(validation))},
                {"Collections", protocol::encodeStateBytes(wire::serialize(collections))}};
    }
};

/// Args messages of approve, readiness and commit name these fields alike.
template <class Args>
Parameters parametersOf(const Args& args) {
    Parameters out;
    out.endorsement.set_version(args.version());
    out.endorsement.set_endorsement_plugin(args.endorsement_plugin());
    out.endorsement.set_init_required(args.init_required());
    out.validation.set_validation_plugin(args.validation_plugin());
    out.validation.set_validation_parameter(args.validation_parameter());
    out.collections = args.collections();
    return out;
}

template <class Message>
void fill(const Parameters& from, Message& to) {
    to.set_version(from.endorsement.version());
    to.set_endorsement_plugin(from.endorsement.endorsement_plugin());
    to.set_init_required(from.endorsement.init_required());
    to.set_validation_plugin(from.validation.validation_plugin());
    to.set_validation_parameter(from.validation.validation_parameter());
    *to.mutable_collections() = from.collections;
}

/// Why two sets of parameters differ; empty when they do not.
std::string differenceOf(const Parameters& is, const Parameters& asked) {
    const auto differ = [](std::string_view what, const auto& a, const auto& b) {
        return fmt::format("expected {} '{}' does not match passed {} '{}'", what, a, what, b);
    };
    const auto &e = is.endorsement, &f = asked.endorsement;
    const auto &v = is.validation, &w = asked.validation;
    if (e.version() != f.version()) return differ("Version", e.version(), f.version());
    if (e.endorsement_plugin() != f.endorsement_plugin())
        return differ("EndorsementPlugin", e.endorsement_plugin(), f.endorsement_plugin());
    if (e.init_required() != f.init_required())
        return differ("InitRequired", e.init_required(), f.init_required());
    if (v.validation_plugin() != w.validation_plugin())
        return differ("ValidationPlugin", v.validation_plugin(), w.validation_plugin());
    if (v.validation_parameter() != w.validation_parameter())
        return differ("ValidationParameter", toHex(v.validation_parameter()),
                      toHex(w.validation_parameter()));
    if (wire::serialize(is.collections) != wire::serialize(asked.collections))
        return "Collections do not match";
    return {};
}

Status setDefaults(const LifecycleCall& call, Parameters& parameters) {
    if (parameters.endorsement.endorsement_plugin().empty())
        parameters.endorsement.set_endorsement_plugin("escc");
    if (parameters.validation.validation_plugin().empty())
        parameters.validation.set_validation_plugin("vscc");
    if (!parameters.validation.validation_parameter().empty()) return {};
    if (call.bundle().policies().find(policy::kDefaultEndorsementPolicy) == nullptr)
        return fail(
            fmt::format("could not set defaults for chaincode definition in channel {}: "
                        "policy '{}' must be defined for channel '{}' before chaincode "
                        "operations can be attempted",
                        call.channelName(), policy::kDefaultEndorsementPolicy, call.channelName()));
    ::protos::ApplicationPolicy reference;
    reference.set_channel_config_policy_reference(std::string(policy::kDefaultEndorsementPolicy));
    parameters.validation.set_validation_parameter(wire::serialize(reference));
    return {};
}

/// A field of a structure; one that is missing reads as an empty message.
template <class Message>
Result<Message> readField(LifecycleStore& store, std::string_view name, std::string_view field) {
    const std::string key = fmt::format("{}/fields/{}/{}", kNamespaces, name, field);
    ASSIGN_OR_RETURN(const auto value, store.get(key));
    if (!value) return Message();
    const auto bytes = protocol::decodeStateBytes(*value);
    if (!bytes.ok())
        return withContext(bytes.status(),
                           fmt::format("could not unmarshal state for key {}", key));
    auto message = wire::parse<Message>(*bytes, "state_data.bytes");
    if (!message.ok())
        return withContext(message.status(),
                           fmt::format("could not unmarshal state for key {} to {}", key,
                                       Message::descriptor()->name()));
    return message;
}

Result<Parameters> readParameters(LifecycleStore& store, std::string_view name) {
    Parameters out;
    ASSIGN_OR_RETURN(out.endorsement,
                     readField<lc::ChaincodeEndorsementInfo>(store, name, "EndorsementInfo"));
    ASSIGN_OR_RETURN(out.validation,
                     readField<lc::ChaincodeValidationInfo>(store, name, "ValidationInfo"));
    ASSIGN_OR_RETURN(out.collections,
                     readField<::protos::CollectionConfigPackage>(store, name, "Collections"));
    return out;
}

Status wrongType(std::string_view is, std::string_view expected) {
    return fail(fmt::format("type name mismatch '{}' != '{}'", expected, is));
}

struct Definition {
    std::int64_t sequence = 0;
    Parameters parameters;
};

/// NOT_FOUND when the name is not defined.
Result<Definition> readDefinition(const LifecycleCall& call, const std::string& name) {
    LifecycleStore store(call.simulation());
    auto metadata = readMetadata(store, kNamespaces, name);
    if (!metadata.ok())
        return withContext(metadata.status(),
                           fmt::format("could not fetch metadata for namespace {}", name));
    if (!*metadata)
        return makeError(StatusCode::kNotFound, "NOT_DEFINED",
                         fmt::format("namespace {} is not defined", name));
    const std::string context =
        fmt::format("could not deserialize namespace {} as chaincode", name);
    if ((*metadata)->datatype != "ChaincodeDefinition")
        return withContext(wrongType((*metadata)->datatype, "ChaincodeDefinition"), context);
    Definition out;
    auto sequence = committedSequence(call.simulation(), name);
    if (!sequence.ok()) return withContext(sequence.status(), context);
    out.sequence = *sequence;
    auto parameters = readParameters(store, name);
    if (!parameters.ok()) return withContext(parameters.status(), context);
    out.parameters = *std::move(parameters);
    return out;
}

Result<std::int64_t> currentSequence(const LifecycleCall& call, const std::string& name) {
    auto sequence = committedSequence(call.simulation(), name);
    if (!sequence.ok()) return withContext(sequence.status(), "could not get current sequence");
    return sequence;
}

std::string approvalName(const std::string& name, std::int64_t sequence) {
    return fmt::format("{}#{}", name, sequence);
}

LifecycleRecord approvalRecord(const std::string& name, std::int64_t sequence,
                               const Parameters& parameters) {
    return {std::string(kNamespaces), approvalName(name, sequence), std::string(kParametersType),
            parameters.fields()};
}

/// The committed definition as the check of collections reads it, with the look at Fabric 1.x.
Status checkDefinition(const LifecycleCall& call, const std::string& name,
                       const std::string& version,
                       const ::protos::CollectionConfigPackage& collections) {
    if (!protocol::checkChaincodeName(name).ok()) {
        if (name == "cscc" || name == "escc" || name == "lscc" || name == "qscc" || name == "vscc")
            return fail(fmt::format("chaincode name '{}' is the name of a system chaincode", name));
        return fail(
            fmt::format("invalid chaincode name '{}'. Names can only consist of "
                        "alphanumerics, '_', and '-' and can only begin with alphanumerics",
                        printable(name, 200)));
    }
    if (!protocol::checkChaincodeVersion(version).ok())
        return fail(
            fmt::format("invalid chaincode version '{}'. Versions can only consist of "
                        "alphanumerics, '_', '-', '+', and '.'",
                        printable(version, 200)));
    RETURN_IF_ERROR(checkCollections(collections, nullptr, call.bundle().msps()));
    auto committed = deployedDefinition(call.simulation(), name);
    if (!committed.ok())
        return withContext(
            committed.status(),
            fmt::format("could not retrieve committed definition for chaincode '{}'", name));
    if (!*committed) return {};
    ASSIGN_OR_RETURN(const auto old, wire::parse<::protos::CollectionConfigPackage>(
                                         (*committed)->collectionsBytes, "collections"));
    return checkCollections(collections, &old, call.bundle().msps());
}

struct Approvals {
    std::map<std::string, bool> byOrg;
    std::map<std::string, std::vector<std::string>> mismatches;
};

Result<Approvals> approvalsOf(const LifecycleCall& call, const std::string& name,
                              std::int64_t sequence, const Parameters& parameters) {
    Approvals out;
    const LifecycleRecord record = approvalRecord(name, sequence, parameters);
    for (const auto& [mspId, group] : call.bundle().applicationOrgs()) {
        LifecycleStore store(call.simulation(), mspId);
        auto mismatches = mismatchesOf(store, record);
        if (!mismatches.ok())
            return withContext(mismatches.status(),
                               fmt::format("serialization check failed for key {}", record.name));
        out.byOrg[mspId.str()] = mismatches->empty();
        if (!mismatches->empty()) out.mismatches[mspId.str()] = *std::move(mismatches);
    }
    return out;
}

Result<Approvals> readiness(const LifecycleCall& call, const std::string& name,
                            std::int64_t sequence, Parameters& parameters) {
    ASSIGN_OR_RETURN(const std::int64_t current, currentSequence(call, name));
    if (sequence != current + 1)
        return fail(fmt::format("requested sequence is {}, but new definition must be sequence {}",
                                sequence, current + 1));
    RETURN_IF_ERROR(setDefaults(call, parameters));
    return approvalsOf(call, name, sequence, parameters);
}

Result<std::string> readPackageId(LifecycleStore& store, const std::string& approval) {
    const std::string key = fmt::format("{}/fields/{}/PackageID", kSources, approval);
    ASSIGN_OR_RETURN(const auto value, store.get(key));
    if (!value) return std::string();
    return protocol::decodeStateString(*value);
}

/// Whether the organisation has approved exactly this before, package included.
Result<bool> isRepeated(LifecycleStore& store, const std::string& approval,
                        const Parameters& parameters, const std::string& packageId) {
    ASSIGN_OR_RETURN(const auto metadata, readMetadata(store, kNamespaces, approval));
    if (!metadata) return false;
    if (metadata->datatype != kParametersType)
        return wrongType(metadata->datatype, kParametersType);
    ASSIGN_OR_RETURN(const Parameters known, readParameters(store, approval));
    if (!differenceOf(known, parameters).empty()) return false;
    ASSIGN_OR_RETURN(const auto source, readMetadata(store, kSources, approval));
    if (!source) return false;
    ASSIGN_OR_RETURN(const std::string knownId, readPackageId(store, approval));
    return knownId == packageId;
}

Status checkApprovedSequence(std::int64_t requested, std::int64_t current) {
    if (requested == 0 && current == 0)
        return fail("requested sequence is 0, but first definable sequence number is 1");
    if (requested < current)
        return fail(
            fmt::format("currently defined sequence {} is larger than requested sequence "
                        "{}",
                        current, requested));
    if (requested > current + 1)
        return fail(
            fmt::format("requested sequence {} is larger than the next available sequence "
                        "number {}",
                        requested, current + 1));
    return {};
}

Result<lc::InstallChaincodeResult> InstallChaincode(const LifecycleCall& call,
                                                    const lc::InstallChaincodeArgs& args) {
    ASSIGN_OR_RETURN(const auto entry,
                     call.options.packages->install(args.chaincode_install_package()));
    lc::InstallChaincodeResult out;
    out.set_package_id(entry.packageId);
    out.set_label(entry.label);
    return out;
}

template <class Message>
void fillInstalled(const InstalledPackages::Entry& entry, Message& to) {
    to.set_package_id(entry.packageId);
    to.set_label(entry.label);
    for (const auto& [channel, definitions] : entry.references)
        for (const auto& [name, version] : definitions) {
            auto* contract = (*to.mutable_references())[channel].add_chaincodes();
            contract->set_name(name);
            contract->set_version(version);
        }
}

Result<lc::QueryInstalledChaincodeResult> QueryInstalledChaincode(
    const LifecycleCall& call, const lc::QueryInstalledChaincodeArgs& args) {
    for (const auto& entry : call.options.packages->list()) {
        if (entry.packageId != args.package_id()) continue;
        lc::QueryInstalledChaincodeResult out;
        fillInstalled(entry, out);
        return out;
    }
    return fail(fmt::format("could not find chaincode with package id '{}'",
                            printable(args.package_id(), 300)));
}

Result<lc::QueryInstalledChaincodesResult> QueryInstalledChaincodes(
    const LifecycleCall& call, const lc::QueryInstalledChaincodesArgs&) {
    lc::QueryInstalledChaincodesResult out;
    for (const auto& entry : call.options.packages->list())
        fillInstalled(entry, *out.add_installed_chaincodes());
    return out;
}

Result<lc::GetInstalledChaincodePackageResult> GetInstalledChaincodePackage(
    const LifecycleCall& call, const lc::GetInstalledChaincodePackageArgs& args) {
    auto package = call.options.packages->package(args.package_id());
    if (const Status& why = package.status(); !why.ok())  // 500, not 404, as Fabric answers here
        return fail(fmt::format("could not load cc install package: {}", messageOf(why)));
    lc::GetInstalledChaincodePackageResult out;
    out.set_chaincode_install_package(*std::move(package));
    return out;
}

Result<lc::ApproveChaincodeDefinitionForMyOrgResult> ApproveChaincodeDefinitionForMyOrg(
    const LifecycleCall& call, const lc::ApproveChaincodeDefinitionForMyOrgArgs& args) {
    const std::string& name = args.name();
    if (const Status status = checkDefinition(call, name, args.version(), args.collections());
        !status.ok())
        return withContext(status, "error validating chaincode definition");
    const std::string packageId =
        args.source().has_local_package() ? args.source().local_package().package_id() : "";
    Parameters parameters = parametersOf(args);
    ASSIGN_OR_RETURN(const std::int64_t current, currentSequence(call, name));
    const std::int64_t requested = args.sequence();
    RETURN_IF_ERROR(checkApprovedSequence(requested, current));
    RETURN_IF_ERROR(setDefaults(call, parameters));
    const std::string approval = approvalName(name, requested);
    LifecycleStore store(call.simulation(), call.options.mspId);
    if (requested == current) {
        ASSIGN_OR_RETURN(const Definition committed, readDefinition(call, name));
        if (const auto why = differenceOf(committed.parameters, parameters); !why.empty())
            return fail(
                fmt::format("attempted to redefine the current committed sequence ({}) for "
                            "namespace {} with different parameters: {}",
                            current, name, why));
    }
    ASSIGN_OR_RETURN(const bool repeated, isRepeated(store, approval, parameters, packageId));
    if (repeated && requested == current)
        return fail(
            fmt::format("attempted to redefine the current committed sequence ({}) for "
                        "namespace {}",
                        current, name));
    if (repeated)
        return fail(
            fmt::format("attempted to redefine uncommitted sequence ({}) for namespace {} "
                        "with unchanged content",
                        requested, name));
    if (const Status status = writeRecord(store, approvalRecord(name, requested, parameters));
        !status.ok())
        return withContext(status, "could not serialize chaincode parameters to state");
    const LifecycleRecord source{std::string(kSources),
                                 approval,
                                 "ChaincodeLocalPackage",
                                 {{"PackageID", protocol::encodeStateString(packageId)}}};
    if (const Status status = writeRecord(store, source); !status.ok())
        return withContext(status, "could not serialize chaincode package info to state");
    return lc::ApproveChaincodeDefinitionForMyOrgResult();
}

struct Approved {
    std::int64_t sequence = 0;
    Parameters parameters;
    std::string packageId;
};

Result<Approved> readApproved(LifecycleStore& store, const std::string& name, std::int64_t sequence,
                              const protocol::StateMetadata& metadata) {
    const std::string approval = approvalName(name, sequence);
    if (metadata.datatype != kParametersType)
        return fail(fmt::format("not a chaincode parameters type: {}", metadata.datatype));
    auto parameters = readParameters(store, approval);
    if (!parameters.ok())
        return withContext(
            parameters.status(),
            fmt::format("could not deserialize chaincode parameters for {}", approval));
    ASSIGN_OR_RETURN(const auto source, readMetadata(store, kSources, approval));
    if (!source)
        return fail(fmt::format("could not fetch chaincode-source metadata for {}", approval));
    if (source->datatype != "ChaincodeLocalPackage")
        return fail(fmt::format("not a chaincode local package type: {}", source->datatype));
    auto packageId = readPackageId(store, approval);
    if (!packageId.ok())
        return withContext(packageId.status(),
                           fmt::format("could not deserialize chaincode package for {}", approval));
    return Approved{sequence, *std::move(parameters), *std::move(packageId)};
}

template <class Message>
void fillApproved(const Approved& approved, Message& to) {
    to.set_sequence(approved.sequence);
    fill(approved.parameters, to);
    if (approved.packageId.empty()) {
        to.mutable_source()->mutable_unavailable();
    } else {
        to.mutable_source()->mutable_local_package()->set_package_id(approved.packageId);
    }
}

Result<lc::QueryApprovedChaincodeDefinitionResult> QueryApprovedChaincodeDefinition(
    const LifecycleCall& call, const lc::QueryApprovedChaincodeDefinitionArgs& args) {
    LifecycleStore store(call.simulation(), call.options.mspId);
    std::int64_t sequence = args.sequence();
    if (sequence == 0) {
        ASSIGN_OR_RETURN(sequence, currentSequence(call, args.name()));
        ASSIGN_OR_RETURN(const auto next,
                         readMetadata(store, kNamespaces, approvalName(args.name(), sequence + 1)));
        if (next) ++sequence;
    }
    const std::string approval = approvalName(args.name(), sequence);
    auto metadata = readMetadata(store, kNamespaces, approval);
    if (!metadata.ok())
        return withContext(
            metadata.status(),
            fmt::format("could not deserialize namespace metadata for {}", approval));
    if (!*metadata)
        return fail(
            fmt::format("could not fetch approved chaincode definition (name: '{}', "
                        "sequence: '{}') on channel '{}'",
                        args.name(), sequence, call.channelName()));
    ASSIGN_OR_RETURN(const Approved approved,
                     readApproved(store, args.name(), sequence, **metadata));
    lc::QueryApprovedChaincodeDefinitionResult out;
    fillApproved(approved, out);
    return out;
}

Result<lc::QueryApprovedChaincodeDefinitionsResult> QueryApprovedChaincodeDefinitions(
    const LifecycleCall& call, const lc::QueryApprovedChaincodeDefinitionsArgs&) {
    LifecycleStore store(call.simulation(), call.options.mspId);
    const std::string prefix = fmt::format("{}/metadata/", kNamespaces);
    auto all = store.range(prefix);
    if (!all.ok()) return withContext(all.status(), "could not fetch metadatas");
    lc::QueryApprovedChaincodeDefinitionsResult out;
    for (const auto& [key, value] : *all) {
        const auto parsed = protocol::LifecycleKey::parse(key);
        if (!parsed || parsed->kind != protocol::LifecycleKey::Kind::Approval)
            return fail(
                fmt::format("could not extract chaincode name and sequence number from "
                            "metadata: {}",
                            key.substr(prefix.size())));
        ASSIGN_OR_RETURN(const auto metadata, protocol::decodeStateMetadata(value));
        ASSIGN_OR_RETURN(const Approved approved,
                         readApproved(store, parsed->chaincode,
                                      static_cast<std::int64_t>(parsed->sequence), metadata));
        auto* entry = out.add_approved_chaincode_definitions();
        entry->set_name(parsed->chaincode);
        fillApproved(approved, *entry);
    }
    return out;
}

Result<lc::CheckCommitReadinessResult> CheckCommitReadiness(
    const LifecycleCall& call, const lc::CheckCommitReadinessArgs& args) {
    Parameters parameters = parametersOf(args);
    ASSIGN_OR_RETURN(const Approvals approvals,
                     readiness(call, args.name(), args.sequence(), parameters));
    lc::CheckCommitReadinessResult out;
    for (const auto& [org, approved] : approvals.byOrg) (*out.mutable_approvals())[org] = approved;
    for (const auto& [org, items] : approvals.mismatches)
        for (const std::string& item : items) (*out.mutable_mismatches())[org].add_items(item);
    return out;
}

Result<lc::CommitChaincodeDefinitionResult> CommitChaincodeDefinition(
    const LifecycleCall& call, const lc::CommitChaincodeDefinitionArgs& args) {
    if (const Status status =
            checkDefinition(call, args.name(), args.version(), args.collections());
        !status.ok())
        return withContext(status, "error validating chaincode definition");
    if (!call.bundle().applicationOrgs().contains(call.options.mspId))
        return fail(
            "impossibly, this peer's org is processing requests for a channel it is not a "
            "member of");
    Parameters parameters = parametersOf(args);
    ASSIGN_OR_RETURN(Approvals approvals,
                     readiness(call, args.name(), args.sequence(), parameters));
    LifecycleRecord record{std::string(kNamespaces), args.name(), "ChaincodeDefinition",
                           parameters.fields()};
    record.fields.insert(record.fields.begin(),
                         {"Sequence", protocol::encodeStateInt(args.sequence())});
    LifecycleStore store(call.simulation());
    if (const Status status = writeRecord(store, record); !status.ok())
        return withContext(status, "could not serialize chaincode definition");
    if (!approvals.byOrg[call.options.mspId.str()])
        return fail(fmt::format("chaincode definition not agreed to by this org ({})",
                                call.options.mspId.str()));
    return lc::CommitChaincodeDefinitionResult();
}

Result<lc::QueryChaincodeDefinitionResult> QueryChaincodeDefinition(
    const LifecycleCall& call, const lc::QueryChaincodeDefinitionArgs& args) {
    ASSIGN_OR_RETURN(const Definition definition, readDefinition(call, args.name()));
    ASSIGN_OR_RETURN(const Approvals approvals,
                     approvalsOf(call, args.name(), definition.sequence, definition.parameters));
    lc::QueryChaincodeDefinitionResult out;
    out.set_sequence(definition.sequence);
    fill(definition.parameters, out);
    for (const auto& [org, approved] : approvals.byOrg) (*out.mutable_approvals())[org] = approved;
    return out;
}

Result<lc::QueryChaincodeDefinitionsResult> QueryChaincodeDefinitions(
    const LifecycleCall& call, const lc::QueryChaincodeDefinitionsArgs&) {
    LifecycleStore store(call.simulation());
    const std::string prefix = fmt::format("{}/metadata/", kNamespaces);
    auto all = store.range(prefix);
    if (!all.ok()) return withContext(all.status(), "could not query namespace metadata");
    lc::QueryChaincodeDefinitionsResult out;
    for (const auto& [key, value] : *all) {
        ASSIGN_OR_RETURN(const auto metadata, protocol::decodeStateMetadata(value));
        if (metadata.datatype != "ChaincodeDefinition") continue;
        const std::string name = key.substr(prefix.size());
        ASSIGN_OR_RETURN(const Definition definition, readDefinition(call, name));
        auto* entry = out.add_chaincode_definitions();
        entry->set_name(name);
        entry->set_sequence(definition.sequence);
        fill(definition.parameters, *entry);
    }
    return out;
}

using Function = Result<Bytes> (*)(const LifecycleCall&, std::string_view, BytesView);

template <class Args, class Out, Result<Out> (*body)(const LifecycleCall&, const Args&)>
Result<Bytes> run(const LifecycleCall& call, std::string_view name, BytesView argument) {
    auto args = wire::parse<Args>(argument, name);
    if (!args.ok())
        return withContext(
            args.status(),
            fmt::format("could not decode input arg for *lifecycle.Invocation.{}", name));
    ASSIGN_OR_RETURN(const Out out, body(call, *args));
    return wire::serialize(out);
}

struct Entry {
    Function function;
    bool needsChannel;
};

#define CHANCERY_LIFECYCLE(name, needsChannel)                          \
    {                                                                   \
#name, Entry {                                                  \
            &run<lc::name##Args, lc::name##Result, &name>, needsChannel \
        }                                                               \
    }

const std::map<std::string_view, Entry>& functions() {
    static const std::map<std::string_view, Entry> all{
        CHANCERY_LIFECYCLE(InstallChaincode, false),
        CHANCERY_LIFECYCLE(QueryInstalledChaincode, false),
        CHANCERY_LIFECYCLE(QueryInstalledChaincodes, false),
        CHANCERY_LIFECYCLE(GetInstalledChaincodePackage, false),
        CHANCERY_LIFECYCLE(ApproveChaincodeDefinitionForMyOrg, true),
        CHANCERY_LIFECYCLE(QueryApprovedChaincodeDefinition, true),
        CHANCERY_LIFECYCLE(QueryApprovedChaincodeDefinitions, true),
        CHANCERY_LIFECYCLE(CheckCommitReadiness, true),
        CHANCERY_LIFECYCLE(CommitChaincodeDefinition, true),
        CHANCERY_LIFECYCLE(QueryChaincodeDefinition, true),
        CHANCERY_LIFECYCLE(QueryChaincodeDefinitions, true),
    };
    return all;
}

#undef CHANCERY_LIFECYCLE

}  // namespace

Result<Bytes> runLifecycleFunction(const LifecycleCall& call, std::string_view function,
                                   BytesView argument) {
    const auto found = functions().find(function);
    if (found == functions().end())
        return makeError(StatusCode::kUnimplemented, "NO_SUCH_FUNCTION",
                         fmt::format("receiver *lifecycle.Invocation.{} does not exist", function));
    if (found->second.needsChannel && call.call.simulation == nullptr)
        return fail("no application config for channel ''");
    return found->second.function(call, found->first, argument);
}

}  // namespace chancery::node
