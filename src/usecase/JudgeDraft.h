#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/usecase/ConfigChange.h"
#include "src/usecase/ConfigDraft.h"

namespace chancery::usecase {

/// A policy that must agree to a draft, and how far it is.
struct DraftNeed {
    std::string policy;  ///< path
    std::string text;    ///< what stands there
    std::vector<std::string> elements;
    std::size_t have = 0;
    std::size_t needed = 0;
    bool satisfied = false;
    std::string sentence;  ///< "have 1 of 2, missing an admin of BetaMSP"
    std::string missing;
};

/// Who signed, and whether that counts.
struct DraftSigner {
    std::string name;  ///< "Admin@alpha (AlphaMSP)"
    MspId mspId;
    bool counts = false;
    std::string why;  ///< when it does not
};

struct DraftNo {
    std::string name;
    MspId mspId;
    std::string reason;
    bool genuine = false;  ///< the signature is good
};

/// Something that could not be undone by those who are left.
struct DraftDanger {
    std::string id;  ///< "LOCKED_ADMINS", "UNBOUNDED_BATCH", "SMALLER_QUORUM"
    std::string sentence;
};

/// The name by which a person lets a danger pass: "locked-admins".
std::string overrideOf(const DraftDanger& danger);
/// All that there are.
const std::vector<std::string>& dangerOverrides();

/// What a draft needs, has and would do.
struct DraftStanding {
    std::vector<ConfigChange> changes;
    std::vector<DraftNeed> needs;
    std::vector<DraftSigner> signers;
    std::vector<DraftNo> rejections;
    std::vector<DraftDanger> dangers;
    bool expired = false;
    bool authorised = false;  ///< the signatures suffice
};

/// What the change would do that its makers may not have meant.
std::vector<DraftDanger> dangersOf(const channel::Bundle& current, const channel::Bundle& proposed);

/// Judges a draft against the configuration that it starts from, or the one in force.
class JudgeDraft {
public:
    /// Errors: what no signature can mend, as judgeUpdate (STALE_VERSION, WRONG_CHANNEL …) and
    /// Bundle::fromConfig of the result.
    Result<DraftStanding> run(const ConfigDraft& draft, const channel::Bundle& against,
                              absl::Time now) const;
};

struct DraftPermissions {
    std::set<std::string> dangers;  ///< overrides that were given
    bool despiteRejections = false;
};

/// Why such a draft is not sent. FAILED_PRECONDITION: DRAFT_EXPIRED, DRAFT_REJECTED,
/// DRAFT_DANGEROUS (with `override`); PERMISSION_DENIED (DRAFT_NOT_SIGNED) with `have`, `needed`,
/// `missing`, `policy` and `rejected`: "have k of n, missing …", and the signatures that do not
/// count with their reasons.
Status checkSendable(const DraftStanding& standing, const DraftPermissions& permissions);
/// Only the dangers: for making a draft and signing it.
Status checkDangers(const std::vector<DraftDanger>& dangers, const std::set<std::string>& allowed);

}  // namespace chancery::usecase
