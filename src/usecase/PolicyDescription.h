#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/base/Sentence.h"

namespace chancery::usecase {

/// A policy as a tree: gates ("2 of 3") over signatures ("AlphaMSP.peer") or over other policies.
struct PolicyNode {
    std::string rule;  ///< "2 of 3", "AlphaMSP.peer", "MAJORITY Admins"; of a named policy its path
    std::string phrase;  ///< a leaf within a sentence: "a peer of AlphaMSP"
    std::size_t needed = 0;
    std::vector<PolicyNode> parts;
};

/// Why a policy is met or not, as a tree of the same shape.
struct PolicyExplanation {
    bool satisfied = false;
    std::string rule;
    std::string phrase;
    std::size_t needed = 0;
    std::size_t have = 0;
    std::string usedBy;             ///< leaf: who filled it; empty when unmet
    std::string why;                ///< unmet leaf: what each candidate lacked
    std::vector<Sentence> reasons;  ///< the same, one for each candidate
    std::vector<PolicyExplanation> parts;
};

/// A policy of some place with its verdict on one set of signatures.
struct PolicyVerdict {
    Sentence subject;  ///< "contract assets", "collection shared of vault", "key k of assets"
    Sentence text;     ///< the policy in its text form, or the path that it refers to
    bool satisfied = false;
    Sentence sentence;  ///< "have 1 of 2, missing a peer of BetaMSP"
    PolicyExplanation explanation;
};

}  // namespace chancery::usecase
