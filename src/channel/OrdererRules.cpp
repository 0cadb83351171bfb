#include "src/channel/OrdererRules.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/StandardPolicies.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

constexpr std::string_view kPath = "/Channel/Orderer/ConsensusType";

Status migrationError(std::string_view sentence) {
    return makeError(StatusCode::kFailedPrecondition, "BAD_MIGRATION", sentence,
                     {{"path", std::string(kPath)}});
}

std::string_view nameOf(ConsensusState state) {
    return state == ConsensusState::Normal ? "normal operation" : "maintenance";
}

/// Every raft consenter must go on as a BFT consenter at the same address with the same TLS.
Status checkSameConsenters(const Bundle& current, const Bundle& proposed) {
    const auto& before = current.consenters();
    const auto& after = proposed.ordererMapping();
    if (after.empty()) return migrationError("BFT has no consenters in the value Orderers");
    if (before.size() != after.size())
        return migrationError(
            fmt::format("BFT would have {} consenters, raft has {}", after.size(), before.size()));
    for (const Consenter& old : before) {
        const bool goesOn = std::any_of(after.begin(), after.end(), [&](const Consenter& next) {
            return next.host == old.host && next.port == old.port &&
                   next.serverTlsPem == old.serverTlsPem && next.clientTlsPem == old.clientTlsPem;
        });
        if (!goesOn)
            return migrationError(
                fmt::format("raft consenter {}:{} has no BFT consenter with the "
                            "same address and TLS certificates",
                            printable(old.host, 256), old.port));
    }
    return absl::OkStatus();
}

Status checkTypeChange(const Bundle& current, const Bundle& proposed) {
    const std::string change = fmt::format("the consensus type would change from {} to {}",
                                           printable(current.consensusType(), 64),
                                           printable(proposed.consensusType(), 64));
    if (current.orderer()->consensusState == ConsensusState::Normal)
        return migrationError(change + ", but the channel is not in maintenance mode");
    if (proposed.orderer()->consensusState == ConsensusState::Normal)
        return migrationError(change + " while maintenance mode would be left");
    const bool fromKafka =
        current.consensusType() == "kafka" && proposed.consensusType() == "etcdraft";
    const bool toBft = current.consensusType() == "etcdraft" && proposed.consensusType() == "BFT";
    if (!fromKafka && !toBft) return migrationError(change + ", which is not possible");
    if (!toBft) return absl::OkStatus();
    ASSIGN_OR_RETURN(const BftOptions options, proposed.bftOptions());
    RETURN_IF_ERROR(checkBft(options, options.requestBatchMaxCount, options.requestBatchMaxBytes));
    return checkSameConsenters(current, proposed);
}

}  // namespace

Status checkMigration(const Bundle& current, const Bundle& proposed) {
    const OrdererSettings& before = *current.orderer();
    const OrdererSettings& after = *proposed.orderer();
    const bool sameType = before.consensusType == after.consensusType;
    if (!current.capabilities().ordererConsensusMigration) {
        if (after.consensusState != ConsensusState::Normal)
            return migrationError("maintenance mode needs orderer capability V1_4_2 or later");
        if (!sameType)
            return migrationError(
                "another consensus type needs orderer capability V1_4_2 or "
                "later");
        return absl::OkStatus();
    }
    if (before.consensusState != after.consensusState) {
        const std::string change =
            fmt::format("the channel would go from {} to {}", nameOf(before.consensusState),
                        nameOf(after.consensusState));
        if (!sameType) return migrationError(change + " and change the consensus type at once");
        if (before.consensusMetadata != after.consensusMetadata)
            return migrationError(change + " and change the consensus metadata at once");
    }
    return sameType ? absl::OkStatus() : checkTypeChange(current, proposed);
}

Status checkBftSettings(const Bundle& current, const Bundle& proposed) {
    if (!proposed.capabilities().consensusTypeBft)
        return makeError(StatusCode::kInvalidArgument, "BAD_CONSENSUS",
                         "consensus type BFT needs channel capability V3_0",
                         {{"path", std::string(kPath)}});
    if (current.consensusType() != "BFT") return absl::OkStatus();
    ASSIGN_OR_RETURN(const BftOptions options, proposed.bftOptions());
    const BatchSize& batch = proposed.orderer()->batchSize;
    RETURN_IF_ERROR(checkBft(options, batch.maxMessages, batch.absoluteMaxBytes));
    std::vector<std::pair<MspId, Bytes>> consenters;
    for (const Consenter& consenter : proposed.consenters())
        consenters.emplace_back(consenter.mspId, consenter.identityPem);
    const auto refuse = [](std::string_view sentence) {
        return makeError(StatusCode::kInvalidArgument, "BAD_BLOCK_VALIDATION", sentence,
                         {{"path", "/Channel/Orderer/BlockValidation"}});
    };
    if (consenters.empty()) return refuse("a BFT channel needs consenters in the value Orderers");
    const auto expected = policy::bftBlockValidationPolicy(consenters);
    const auto& policies = proposed.config().channel_group().groups().at("Orderer").policies();
    const auto found = policies.find("BlockValidation");
    if (found == policies.end()) return refuse("a BFT channel needs the policy BlockValidation");
    const auto& policy = found->second.policy();
    if (policy.type() != ::common::Policy::SIGNATURE ||
        policy.value() != expected.SerializeAsString())
        return refuse(fmt::format("BlockValidation must be {} of the {} consenters' identities",
                                  policy::bftQuorum(consenters.size()), consenters.size()));
    return absl::OkStatus();
}

Status checkOrdererRules(const Bundle& current, const Bundle& proposed, const OrdererView& view) {
    if (proposed.orderer() == nullptr)
        return makeError(StatusCode::kFailedPrecondition, "SECTION_REMOVED",
                         "the configuration has no orderer section",
                         {{"path", "/Channel/Orderer"}});
    RETURN_IF_ERROR(checkSupported(proposed.capabilities(), CapabilityLevel::Orderer));
    RETURN_IF_ERROR(checkSupported(proposed.capabilities(), CapabilityLevel::Channel));
    RETURN_IF_ERROR(checkSuccession(current, proposed));
    if (current.orderer() == nullptr)
        return makeError(StatusCode::kFailedPrecondition, "SECTION_ADDED",
                         "the configuration in force has no orderer section",
                         {{"path", "/Channel/Orderer"}});
    if (proposed.consensusType() == "etcdraft") {
        RETURN_IF_ERROR(checkRaftChange(current, proposed, view));
    } else if (proposed.consensusType() == "BFT") {
        RETURN_IF_ERROR(checkBftSettings(current, proposed));
    }
    return checkMigration(current, proposed);
}

Status checkMaintenanceUpdate(const Bundle& current, const Bundle& proposed,
                              const ::common::ConfigUpdate& update) {
    if (current.orderer() == nullptr || proposed.orderer() == nullptr ||
        !current.capabilities().ordererConsensusMigration ||
        current.orderer()->consensusState == proposed.orderer()->consensusState)
        return absl::OkStatus();
    const auto refuse = [] {
        return makeError(StatusCode::kFailedPrecondition, "MAINTENANCE_AND_MORE",
                         "maintenance mode is entered and left by an update that changes the "
                         "consensus state and nothing else",
                         {{"path", std::string(kPath)}});
    };
    const auto& root = update.write_set();
    if (root.values_size() != 0 || root.groups_size() != 1) return refuse();
    const auto orderer = root.groups().find("Orderer");
    if (orderer == root.groups().end()) return refuse();
    const auto& values = orderer->second.values();
    if (orderer->second.groups_size() != 0 || values.size() != 1 ||
        !values.contains("ConsensusType"))
        return refuse();
    return absl::OkStatus();
}

}  // namespace chancery::channel
