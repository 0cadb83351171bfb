#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Sentence.h"
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
    std::size_t index = 0;           ///< position in the set as given
    identity::IdentityPtr identity;  ///< null when the bytes did not give one
    bool accepted = false;           ///< counts towards policies
    bool duplicate = false;          ///< who was accepted before; not verified, not counted
    Status why;                      ///< reason when neither
};

/// The identities of a signature set in order, duplicates removed and signatures checked: fact
/// sheet A §3.3 step 1. Certificate validity is judged later, inside the principal check.
struct VerifiedSignatures {
    std::vector<identity::IdentityPtr> identities;
    std::vector<SignatureVerdict> verdicts;
};
/// Signatures that somebody has made or checked before, so that the same bytes are not checked
/// twice. It must answer yes only for a signature that the key of this identity has made over
/// exactly these data. Thread-safe.
class KnownSignatures {
public:
    virtual ~KnownSignatures() = default;
    virtual bool contains(const SignedData& signature) const = 0;
};

VerifiedSignatures verifySignatures(std::span<const SignedData> set, const identity::MspSet& msps,
                                    const KnownSignatures* known = nullptr);

/// Why a policy was or was not satisfied, as a tree that mirrors the policy. Names are safe to
/// print.
struct Explanation {
    bool satisfied = false;
    std::string rule;  ///< "2 of 4", "AlphaMSP.peer", "MAJORITY Admins"
    std::size_t needed = 0;
    std::size_t have = 0;
    std::string usedBy;  ///< leaf: who filled it ("User1@alpha (AlphaMSP)"); empty when unmet
    std::string why;     ///< unmet leaf: what each candidate lacked
    std::vector<Sentence> reasons = {};  ///< the same, one for each candidate
    std::vector<Explanation> parts;
    std::string phrase;  ///< leaf: the principal within a sentence, "a peer of BetaMSP"
    std::string
        name;  ///< of a policy in a channel's tree: its path, "/Channel/Application/Writers"
};

/// One sentence without a full stop: "have 1 of 2, missing a peer of BetaMSP", or who satisfied the
/// policy.
std::string toSentence(const Explanation& explanation);
/// What is missing alone: "a peer of BetaMSP"; empty when satisfied.
std::string missingOf(const Explanation& explanation);
/// The signatures that do not count, with the reason of each; empty when all count.
std::string rejectedOf(const VerifiedSignatures& signatures);
/// "User1@alpha (AlphaMSP)", safe to print.
std::string nameOf(const identity::Identity& identity);

/// Whether an organisation can give signatures, as many as asked.
using OrganisationPredicate = std::function<bool(const MspId&)>;

/// A policy that can be evaluated. Immutable, thread-safe. The identities given must not be null.
class Policy {
public:
    virtual ~Policy() = default;
    /// Whether the identities (in order) satisfy it; no explanation, nothing allocated for one: the
    /// hot path.
    virtual bool isSatisfiedBy(std::span<const identity::IdentityPtr> identities) const = 0;
    /// Its `satisfied` is always what isSatisfiedBy says.
    virtual Explanation explain(std::span<const identity::IdentityPtr> identities) const = 0;

    /// Whether these organisations together could satisfy it with identities of every kind.
    virtual bool canBeSatisfiedBy(const OrganisationPredicate& available) const = 0;
    /// Adds the MSP ids that its principals name.
    virtual void addOrganisations(std::set<MspId>& organisations) const = 0;
};

using PolicyPtr = std::shared_ptr<const Policy>;

/// Verifies the set, then evaluates. PERMISSION_DENIED (POLICY_NOT_SATISFIED) with "have k of n,
/// missing …" and the arguments `have`, `needed`, `missing`, `rejected`.
Status evaluate(const Policy& policy, std::span<const SignedData> set,
                const identity::MspSet& msps);

}  // namespace chancery::policy
