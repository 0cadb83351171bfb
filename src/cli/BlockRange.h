#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "src/base/Ids.h"

namespace chancery::cli {

/// A whole number without a sign.
std::optional<std::uint64_t> numberFromText(std::string_view text);

/// "all", "12", "12-20", "12-" or "-20"; nothing for other texts and for ranges that end before
/// they begin.
std::optional<std::pair<BlockNumber, BlockNumber>> blockRangeFromText(std::string_view text);

}  // namespace chancery::cli
