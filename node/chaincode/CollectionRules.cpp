#include "node/chaincode/CollectionRules.h"

#include <fmt/format.h>

#include <map>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "fabric/peer/collection.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/protocol/Lifecycle.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

using ::common::SignaturePolicy;
using ::protos::CollectionConfigPackage;
using ::protos::StaticCollectionConfig;

Status refuse(std::string sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_COLLECTION", sentence);
}

// As deep as a policy that was parsed can be; see wire::ParseLimits.
Status checkOnlyOr(const SignaturePolicy& rule) {
    if (!rule.has_n_out_of()) return {};
    if (rule.n_out_of().n() != 1)
        return refuse(fmt::format("signature policy is not an OR concatenation, NOutOf {}",
                                  rule.n_out_of().n()));
    for (const auto& part : rule.n_out_of().rules()) RETURN_IF_ERROR(checkOnlyOr(part));
    return {};
}

Status checkMember(const std::string& collection, const ::common::MSPPrincipal& principal,
                   const identity::MspSet& msps) {
    std::string mspId;
    switch (principal.principal_classification()) {
        case ::common::MSPPrincipal::ROLE: {
            auto role = wire::parse<::common::MSPRole>(principal.principal(), "principal");
            if (!role.ok())
                return refuse(fmt::format(
                    "collection-name: {} -- cannot unmarshal identity bytes into MSPRole: {}",
                    collection, messageOf(role.status())));
            mspId = role->msp_identifier();
            break;
        }
        case ::common::MSPPrincipal::ORGANIZATION_UNIT: {
            auto unit = wire::parse<::common::OrganizationUnit>(principal.principal(), "principal");
            if (!unit.ok())
                return refuse(
                    fmt::format("collection-name: {} -- cannot unmarshal identity bytes "
                                "into OrganizationUnit: {}",
                                collection, messageOf(unit.status())));
            mspId = unit->msp_identifier();
            break;
        }
        case ::common::MSPPrincipal::IDENTITY:
            if (msps.deserialize(principal.principal()).ok()) return {};
            return refuse(
                fmt::format("collection-name: {} -- contains an identity that is not part "
                            "of the channel",
                            collection));
        default:
            return refuse(fmt::format(
                "collection-name: {} -- principal type {} is not supported", collection,
                ::common::MSPPrincipal::Classification_Name(principal.principal_classification())));
    }
    if (msps.find(MspId(mspId)) != nullptr) return {};
    return refuse(
        fmt::format("collection-name: {} -- collection member '{}' is not part of the "
                    "channel",
                    collection, printable(mspId, 200)));
}

Status checkMembers(const StaticCollectionConfig& collection,
                    const std::shared_ptr<const identity::MspSet>& msps) {
    const std::string& name = collection.name();
    if (!collection.has_member_orgs_policy())
        return refuse(fmt::format("collection member policy is not set for collection '{}'", name));
    if (!collection.member_orgs_policy().has_signature_policy())
        return refuse(
            fmt::format("collection member org policy is empty for collection '{}'", name));
    const auto& policy = collection.member_orgs_policy().signature_policy();
    if (const auto compiled = policy::compileKeyPolicy(wire::serialize(policy), msps);
        !compiled.ok())
        return refuse(fmt::format("invalid member org policy for collection '{}': {}", name,
                                  messageOf(compiled.status())));
    if (const Status status = checkOnlyOr(policy.rule()); !status.ok())
        return withContext(status,
                           fmt::format("collection-name: {} -- error in member org policy", name));
    for (const auto& principal : policy.identities())
        RETURN_IF_ERROR(checkMember(name, principal, *msps));
    return {};
}

Status checkForm(const StaticCollectionConfig& collection) {
    if (!protocol::checkCollectionName(collection.name()).ok())
        return refuse(
            fmt::format("invalid collection name '{}'. Names can only consist of "
                        "alphanumerics, '_', and '-' and cannot begin with '_'",
                        printable(collection.name(), 200)));
    if (collection.maximum_peer_count() < collection.required_peer_count())
        return refuse(fmt::format(
            "collection-name: {} -- maximum peer count ({}) cannot be less "
            "than the required peer count ({})",
            collection.name(), collection.maximum_peer_count(), collection.required_peer_count()));
    if (collection.required_peer_count() < 0)
        return refuse(
            fmt::format("collection-name: {} -- requiredPeerCount ({}) cannot be less "
                        "than zero",
                        collection.name(), collection.required_peer_count()));
    return {};
}

using ByName = std::map<std::string, const StaticCollectionConfig*>;

Status checkSuccession(const ByName& proposed, const CollectionConfigPackage& committed) {
    if (committed.config_size() == 0) return {};
    if (proposed.empty())
        return refuse(
            "the proposed collection config does not contain previously defined "
            "collections");
    for (const auto& config : committed.config()) {
        if (!config.has_static_collection_config())
            return refuse("unknown collection configuration type");
        const auto& old = config.static_collection_config();
        const auto found = proposed.find(old.name());
        if (found == proposed.end())
            return refuse(
                fmt::format("existing collection [{}] missing in the proposed collection "
                            "configuration",
                            old.name()));
        if (found->second->block_to_live() != old.block_to_live())
            return refuse(
                fmt::format("the BlockToLive in an existing collection [{}] modified. "
                            "Existing value [{}]",
                            old.name(), old.block_to_live()));
    }
    return {};
}

}  // namespace

Status checkCollections(const CollectionConfigPackage& proposed,
                        const CollectionConfigPackage* committed,
                        std::shared_ptr<const identity::MspSet> msps) {
    ByName byName;
    for (const auto& config : proposed.config())
        if (!config.has_static_collection_config())
            return refuse("collection config contains unexpected payload type: <nil>");
    for (const auto& config : proposed.config()) {
        const auto& collection = config.static_collection_config();
        RETURN_IF_ERROR(checkForm(collection));
        if (!byName.emplace(collection.name(), &collection).second)
            return refuse(
                fmt::format("collection-name: {} -- found duplicate in collection "
                            "configuration",
                            collection.name()));
        RETURN_IF_ERROR(checkMembers(collection, msps));
    }
    return committed != nullptr ? checkSuccession(byName, *committed) : Status();
}

}  // namespace chancery::node
