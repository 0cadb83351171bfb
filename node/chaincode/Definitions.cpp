#include "node/chaincode/Definitions.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "node/chaincode/Simulation.h"
#include "src/policy/StandardPolicies.h"
#include "src/wire/Serialize.h"

namespace chancery::node {

using protocol::ChaincodeDefinition;
using protocol::Collection;
using protocol::kLegacyLifecycleNamespace;
using protocol::kLifecycleNamespace;
using protocol::LifecycleKey;

Result<std::int64_t> committedSequence(Simulation& simulation, std::string_view contract) {
    const std::string key =
        LifecycleKey{LifecycleKey::Kind::Definition, std::string(contract), 0, "Sequence"}.str();
    ASSIGN_OR_RETURN(const auto value, simulation.get(kLifecycleNamespace, key));
    if (!value) return 0;
    auto sequence = protocol::decodeStateInt(*value);
    if (!sequence.ok())
        return withContext(sequence.status(),
                           fmt::format("could not unmarshal state for key {}", key));
    return sequence;
}

Result<std::optional<ChaincodeDefinition>> committedDefinition(Simulation& simulation,
                                                               std::string_view contract) {
    if (contract == kLifecycleNamespace) return std::optional<ChaincodeDefinition>(std::in_place);
    Status failure;
    auto definition =
        protocol::readDefinition(contract, [&](std::string_view key) -> std::optional<Bytes> {
            auto value = simulation.get(kLifecycleNamespace, key);
            if (value.ok()) return *std::move(value);
            failure = value.status();
            return std::nullopt;
        });
    RETURN_IF_ERROR(failure);
    return definition;
}

Result<std::optional<ChaincodeDefinition>> deployedDefinition(Simulation& simulation,
                                                              std::string_view contract) {
    ASSIGN_OR_RETURN(auto definition, committedDefinition(simulation, contract));
    if (definition) return definition;
    ASSIGN_OR_RETURN(const auto legacy, simulation.get(kLegacyLifecycleNamespace, contract));
    if (!legacy) return definition;
    return makeError(
        StatusCode::kUnimplemented, "LEGACY_CONTRACT",
        fmt::format("chaincode {} is defined by the lifecycle of Fabric 1.x only", contract));
}

Result<std::set<std::string, std::less<>>> collectionNames(Simulation& simulation,
                                                           std::string_view contract) {
    ASSIGN_OR_RETURN(const auto definition, deployedDefinition(simulation, contract));
    std::set<std::string, std::less<>> names;
    if (!definition) return names;
    for (const Collection& collection : definition->collections) names.insert(collection.name);
    for (const auto& [mspId, group] : simulation.bundle().applicationOrgs())
        names.insert(protocol::implicitCollectionName(mspId));
    return names;
}

Collection implicitCollection(const MspId& mspId) {
    Collection out;
    out.name = protocol::implicitCollectionName(mspId);
    out.memberOrgsPolicy = wire::serialize(policy::policyOfRole(1, policy::Role::Member, {mspId}));
    return out;
}

Result<std::optional<Collection>> collectionOf(Simulation& simulation, std::string_view contract,
                                               std::string_view collection) {
    ASSIGN_OR_RETURN(const auto definition, committedDefinition(simulation, contract));
    if (!definition) {
        // Peers look for the collections of a contract of Fabric 1.x.
        ASSIGN_OR_RETURN(const auto legacy, simulation.get(kLegacyLifecycleNamespace,
                                                           fmt::format("{}~collection", contract)));
        return std::optional<Collection>();
    }
    if (const auto mspId = protocol::implicitCollectionOrg(collection))
        return std::optional(implicitCollection(*mspId));
    const Collection* found = definition->collection(collection);
    return found != nullptr ? std::optional(*found) : std::nullopt;
}

}  // namespace chancery::node
