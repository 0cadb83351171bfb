#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "src/base/Bytes.h"

namespace chancery::usecase {

struct EvidenceContent;
struct TransactionDescription;

/// Keys stay in the order in which they are added.
using EvidenceJson = nlohmann::ordered_json;

/// Everything that the blocks of a pack say; equal for equal blocks.
EvidenceJson claimsOf(const EvidenceContent& content);
/// What only the whole ledger tells of a transaction: values before, whether reads were stale, why
/// it was refused.
EvidenceJson ledgerViewOf(const TransactionDescription& transaction);

/// ASCII only: whatever could mislead stands there as \uNNNN. Malformed UTF-8 becomes U+FFFD.
std::string evidenceText(const EvidenceJson& json);
/// Bytes of the ledger: a string when they are UTF-8, else {"hex": "…"}.
EvidenceJson bytesJson(BytesView bytes);

/// Where two documents differ first, as "/transactions/0/code"; empty when they are equal.
std::string firstDifference(const EvidenceJson& left, const EvidenceJson& right);

}  // namespace chancery::usecase
