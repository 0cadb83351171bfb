#pragma once

#include <string>
#include <utility>

#include "src/base/Sentence.h"
#include "src/protocol/Block.h"
#include "src/usecase/LedgerDescription.h"
#include "src/verify/TransactionCheck.h"

namespace chancery::usecase {

struct EvidenceContent;

/// Whether an earlier valid transaction of the block set the policy of a key that this one writes:
/// peers refuse this one then, whoever endorsed it.
bool keyPolicyChangedBefore(const protocol::Block& block, std::size_t index);

/// Whether signatures and policies fit the verdict that the block records, and a sentence on it.
std::pair<bool, Sentence> compareWithRecorded(const verify::PreparedTransaction& prepared,
                                              const TransactionDescription& description,
                                              bool keyPolicyChanged);

/// Fills in `proved` and `notProved`.
void sayWhatIsProved(EvidenceContent& content);

}  // namespace chancery::usecase
