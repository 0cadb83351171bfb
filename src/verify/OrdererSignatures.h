#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/base/Sentence.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Block.h"

namespace chancery::verify {

/// What became of the orderers' signatures on a block (fact sheet A §5.3; raft and BFT).
struct OrdererVerdict {
    /// PERMISSION_DENIED (POLICY_NOT_SATISFIED) when the signatures do not meet the channel's
    /// BlockValidation policy; INVALID_ARGUMENT (BAD_SIGNATURE_METADATA) when they cannot be read.
    Status status;
    std::size_t checked = 0;
    struct Refused {
        std::size_t index = 0;  ///< position among the block's signatures
        Sentence why;
    };
    std::vector<Refused> refused;  ///< also where the policy is met without them
};

/// Against the configuration in force when the block was cut. Any thread.
OrdererVerdict checkOrdererSignatures(const protocol::Block& block, const channel::Bundle& bundle);

}  // namespace chancery::verify
