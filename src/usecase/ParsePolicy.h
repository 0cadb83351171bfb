#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/usecase/PolicyDescription.h"

namespace chancery::usecase {

struct ParsedPolicy {
    std::string text;  ///< as the ledger's tools would print it
    PolicyNode tree;
    std::vector<std::string> principals;     ///< in the order in which the bytes number them
    std::vector<std::string> organisations;  ///< MSP ids that the policy names, sorted
    std::string messageName;  ///< "common.SignaturePolicyEnvelope", "common.ImplicitMetaPolicy"
    Bytes bytes;              ///< that message, encoded as Fabric encodes it
};

/// Reads a policy in the text language: signature policies ("OR('A.peer', …)") and those that refer
/// to the policies of all organisations ("MAJORITY Admins").
class ParsePolicy {
public:
    /// INVALID_ARGUMENT (BAD_POLICY_TEXT) with argument `offset`, bytes from the beginning of the
    /// text.
    Result<ParsedPolicy> run(std::string_view text) const;
};

}  // namespace chancery::usecase
