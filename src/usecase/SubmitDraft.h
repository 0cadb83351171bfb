#pragma once

#include <vector>

#include "src/usecase/JudgeDraft.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct SubmitDraftRequest {
    ConfigDraft draft;
    std::vector<interfaces::NodeAddress> orderers;  ///< tried one after the other
    DraftPermissions permissions;
    Deadline deadline;
    std::stop_token stop = {};
};

struct SubmittedDraft {
    BlockNumber block = 0;       ///< that brought it into force
    std::uint64_t sequence = 0;  ///< of the configuration since then
    bool already = false;        ///< it was in force before
};

/// Sends a draft whose signatures suffice, and waits until the config block is there.
class SubmitDraft {
public:
    /// Nothing is sent unless the configuration in force and the signatures allow it: errors of
    /// JudgeDraft (STALE_VERSION: rebase it) and checkSendable. Then those of Ordering::broadcast.
    /// DEADLINE_EXCEEDED (COMMIT_UNKNOWN) when it was taken, but its block did not come in time.
    Result<SubmittedDraft> run(const TransactionContext& context,
                               const SubmitDraftRequest& request) const;
};

}  // namespace chancery::usecase
