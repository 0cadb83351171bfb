#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/usecase/PolicyInsight.h"

namespace chancery::usecase {

/// Somebody who signs, as a role of an organisation.
struct SimulatedSigner {
    MspId mspId;
    std::string role;  ///< "member", "admin", "client", "peer", "orderer"

    /// "AlphaMSP.peer". INVALID_ARGUMENT (BAD_SIGNER).
    static Result<SimulatedSigner> parse(std::string_view text);
};

struct SimulatePolicyRequest {
    std::string text;  ///< the policy, unless `config` is given
    std::optional<std::filesystem::path> config;
    std::string path;  ///< of the policy in `config`; empty: all policies, without a verdict
    /// Who signs, in this order. Absent: everybody of the organisations that are up.
    std::optional<std::vector<SimulatedSigner>> signers;
    std::vector<MspId> down;  ///< organisations whose signatures cannot be had
};

struct PolicySimulation {
    std::optional<PolicyInsight>
        policy;  ///< absent when all policies of a configuration were asked for
    bool satisfied = false;
    PolicyExplanation explanation;
    std::vector<std::string> ignoredSigners;  ///< because their organisation is down

    // Of a configuration.
    std::vector<std::string> stopped;  ///< policies that nobody can satisfy while `down` are down
    std::vector<std::string> never;    ///< policies that nobody can satisfy at all
    struct Indispensable {
        std::string organisation;
        std::vector<std::string> policies;  ///< that stop when it alone is down
    };
    std::vector<Indispensable> indispensable;
    std::vector<std::string> unknownOrganisations;  ///< of `down`, that no policy names
};

/// Says what a policy would make of signatures, and what cannot be agreed on while organisations
/// are down.
class SimulatePolicy {
public:
    Result<PolicySimulation> run(const SimulatePolicyRequest& request) const;
};

}  // namespace chancery::usecase
