#pragma once

#include <string>

#include "src/usecase/Json.h"

namespace chancery::usecase {

struct EvidenceContent;
struct TransactionDescription;

/// Everything that the blocks of a pack say; equal for equal blocks.
Json claimsOf(const EvidenceContent& content);
/// What only the whole ledger tells of a transaction: values before, whether reads were stale, why
/// it was refused.
Json ledgerViewOf(const TransactionDescription& transaction);

/// ASCII only: whatever could mislead stands there as \uNNNN. Malformed UTF-8 becomes U+FFFD.
std::string evidenceText(const Json& json);

/// Where two documents differ first, as "/transactions/0/code"; empty when they are equal.
std::string firstDifference(const Json& left, const Json& right);

}  // namespace chancery::usecase
