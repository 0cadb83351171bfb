#pragma once

#include <span>
#include <vector>

#include "src/policy/Policy.h"
#include "src/policy/PrincipalChecks.h"
#include "src/policy/RuleTree.h"

namespace chancery::policy {

/// What happened at each rule.
struct RecordingTrace {
    struct Entry {
        std::size_t identity = SIZE_MAX;
        std::int32_t satisfied = 0;
    };
    std::vector<Entry> entries;

    void leaf(std::size_t rule, std::size_t identity) { entries[rule].identity = identity; }
    void gate(std::size_t rule, std::int32_t satisfied) { entries[rule].satisfied = satisfied; }
};

/// Tells a recorded evaluation of the whole tree.
Explanation explainRules(const RuleTree& tree, std::span<const KnownPrincipal> known,
                         const identity::MspSet& msps,
                         std::span<const identity::IdentityPtr> identities,
                         const RecordingTrace& trace);

}  // namespace chancery::policy
