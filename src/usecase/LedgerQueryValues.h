#pragma once

#include <cstdint>
#include <string_view>

#include "src/usecase/LedgerQuery.h"

namespace chancery::usecase {

/// Whether "<" and ">" mean something.
bool hasOrder(LedgerField field);

/// Reads term.value as its field wants it: sets `number` and `last` and brings the value into its
/// one spelling. Gives what was expected when it is something else; empty when all is well.
std::string_view readValue(LedgerTerm& term, std::int64_t now);

}  // namespace chancery::usecase
