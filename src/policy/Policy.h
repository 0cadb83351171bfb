#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/identity/Msp.h"

namespace chancery::policy {

/// One signature to be counted: who (SerializedIdentity bytes) signed what.
struct SignedData {
    BytesView data;
    BytesView identity;
    BytesView signature;
};

/// What became of one signature of the set.
struct SignatureVerdict {
    std::size_t index = 0;            ///< position in the set as given
    identity::IdentityPtr identity;   ///< null when the bytes did not give one
    bool accepted = false;            ///< counts towards policies
    bool duplicate = false;           ///< same identity as an earlier accepted one; not verified, not counted
    Status why;                       ///< reason when neither
};

/// The identities of a signature set in order, duplicates removed and signatures checked: fact sheet A §3.3 step 1.
/// Certificate validity is judged later, inside the principal check.
struct VerifiedSignatures {
    std::vector<identity::IdentityPtr> identities;
    std::vector<SignatureVerdict> verdicts;
};
VerifiedSignatures verifySignatures(std::span<const SignedData> set, const identity::MspSet& msps);

/// Why a policy was or was not satisfied, as a tree that mirrors the policy.
struct Explanation {
    bool satisfied = false;
    std::string rule;       ///< "2 of 4", "AlphaMSP.peer", "MAJORITY Admins", "/Channel/Application/Writers"
    std::size_t needed = 0;
    std::size_t have = 0;
    std::string usedBy;     ///< leaf: who filled it ("User1@alpha (AlphaMSP)"); empty when unmet
    std::string why;        ///< unmet leaf: what each candidate lacked
    std::vector<Explanation> parts;
};

/// A policy that can be evaluated. Immutable, thread-safe.
class Policy {
public:
    virtual ~Policy() = default;
    /// Whether the identities (in order) satisfy it; no explanation, nothing allocated for one: the hot path.
    virtual bool isSatisfiedBy(std::span<const identity::IdentityPtr> identities) const = 0;
    virtual Explanation explain(std::span<const identity::IdentityPtr> identities) const = 0;
};

using PolicyPtr = std::shared_ptr<const Policy>;

/// Verifies the set, then evaluates. PERMISSION_DENIED (POLICY_NOT_SATISFIED) with "have k of n, missing …".
Status evaluate(const Policy& policy, std::span<const SignedData> set, const identity::MspSet& msps);

}  // namespace chancery::policy
