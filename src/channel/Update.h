#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/channel/Bundle.h"
#include "src/policy/Policy.h"

namespace common {
class ConfigUpdate;
}

namespace chancery::channel {

/// The minimal update that leads from one configuration to another, element for element as
/// configtxlator computes it (fact sheet A §4.4). INVALID_ARGUMENT: NO_DIFFERENCE when there is
/// none, NO_CHANNEL_GROUP.
Result<::common::ConfigUpdate> computeUpdate(const ChannelId& channel,
                                             const ::common::Config& original,
                                             const ::common::Config& updated);

/// One element that an update writes, and whether its mod_policy accepts the signatures.
struct ElementVerdict {
    std::string path;    ///< "/Channel/Orderer/BatchSize"
    std::string kind;    ///< "group", "value", "policy"
    bool isNew = false;  ///< needs no consent of its own: its group's new version has to be allowed
    std::uint64_t version = 0;  ///< that it will have
    std::string policy;         ///< path of the policy that decides; empty when isNew
    policy::Explanation explanation;
};

/// What an update needs and has.
struct UpdateVerdict {
    bool authorised = false;
    std::vector<ElementVerdict> elements;  ///< sorted by path
    policy::VerifiedSignatures signatures;
};

/// Judges a draft with the signatures that it has by now. Only what no signature can mend is an
/// error: WRONG_CHANNEL, STALE_VERSION, NO_DELTA, BAD_MOD_POLICY … as proposeUpdate.
Result<UpdateVerdict> judgeUpdate(const Bundle& current,
                                  const ::common::ConfigUpdateEnvelope& update);

/// Authorises a CONFIG_UPDATE envelope against the configuration in force and gives the
/// configuration that follows (fact sheet A §4.5 steps 1-8; sequence + 1, last_update set). Errors
/// have the argument `path` where an element is at fault:
///   INVALID_ARGUMENT     BAD_UPDATE (undecodable, wrong header type), WRONG_CHANNEL, NO_DELTA,
///                        BAD_NAME, BAD_MOD_POLICY, MISSING_ELEMENT
///   FAILED_PRECONDITION  STALE_VERSION: an element is not, or not any more, as the update says
///   PERMISSION_DENIED    POLICY_NOT_SATISFIED ("have k of n, missing …"; `have`, `needed`,
///                        `missing`, `rejected`, `policy`), NO_SUCH_POLICY
///   RESOURCE_EXHAUSTED   TOO_MANY_ELEMENTS, TOO_DEEP, TOO_MANY_SIGNATURES
/// Whether the result is a valid configuration is the next question: Bundle::fromConfig.
Result<::common::ConfigEnvelope> proposeUpdate(const Bundle& current,
                                               const ::common::Envelope& configUpdateEnvelope);

/// What a peer does with a CONFIG transaction: authorises its last_update again and requires the
/// same result. Gives the bundle that is in force afterwards. Errors: as proposeUpdate,
/// Bundle::fromConfig and checkSuccession; BAD_SEQUENCE, RESULT_DIFFERS, UNSUPPORTED_CAPABILITY (a
/// real peer stops there).
Result<BundlePtr> applyConfig(const Bundle& current, const ::common::ConfigEnvelope& envelope);

/// What must not change from one configuration to the next, whoever signs: sections stay, an
/// organisation keeps its MSP id, the consensus type stays below V1_4_2. FAILED_PRECONDITION:
/// SECTION_REMOVED, SECTION_ADDED, MSP_ID_CHANGED, CONSENSUS_TYPE_CHANGED, ENDPOINTS_MISSING.
Status checkSuccession(const Bundle& current, const Bundle& proposed);

/// What an orderer knows beyond the configuration; what is absent is not checked.
struct OrdererView {
    /// Certificates of consenters that are added must not have expired then.
    std::optional<absl::Time> now;
    /// Positions in current.consenters() of those that are reachable: an update must not lose the
    /// quorum that could be kept.
    std::optional<std::vector<std::size_t>> activeConsenters;
};

/// The orderer's further rules on a proposed configuration (fact sheet A §4.5.9, §6.6, §6.7):
/// capabilities, checkSuccession, consenter changes one at a time with TLS certificates of the
/// orderer organisations, raft and BFT options, BlockValidation of a BFT channel, migration.
/// INVALID_ARGUMENT: BAD_CONSENSUS, BAD_CONSENTER, TOO_MANY_CONSENTERS_CHANGED,
/// BAD_BLOCK_VALIDATION; FAILED_PRECONDITION: UNSUPPORTED_CAPABILITY, QUORUM_LOST, BAD_MIGRATION.
Status checkOrdererRules(const Bundle& current, const Bundle& proposed,
                         const OrdererView& view = {});

/// Maintenance mode is entered and left by updates that change nothing else (§6.6).
/// FAILED_PRECONDITION (MAINTENANCE_AND_MORE).
Status checkMaintenanceUpdate(const Bundle& current, const Bundle& proposed,
                              const ::common::ConfigUpdate& update);

/// Whether the signer of an envelope may broadcast: /Channel/Writers, in maintenance mode
/// /Channel/Orderer/Writers. PERMISSION_DENIED (POLICY_NOT_SATISFIED, NO_SUCH_POLICY).
Status checkSubmitter(const Bundle& current, const ::common::Envelope& envelope);

/// An update that an orderer takes.
struct AdmittedUpdate {
    std::shared_ptr<const ::common::ConfigEnvelope> envelope;  ///< data of the CONFIG transaction
    BundlePtr bundle;                                          ///< in force when that is ordered
};

/// All that an orderer asks of a CONFIG_UPDATE but size and expiry of the signer's certificate:
/// checkSubmitter, proposeUpdate, Bundle::fromConfig, checkOrdererRules, checkMaintenanceUpdate.
Result<AdmittedUpdate> admitUpdate(const Bundle& current, const ::common::Envelope& envelope,
                                   const OrdererView& view = {});

}  // namespace chancery::channel
