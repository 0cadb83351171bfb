#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/Bytes.h"

namespace chancery::index {

/// A transaction id as the index keeps it: well-formed ids as 32 bytes with their first 7 as the
/// key, so that ids with a common beginning are a range; others as they are, under negative keys.
struct TransactionId {
    std::int64_t key = 0;
    Bytes stored;

    explicit TransactionId(std::string_view text);
    static std::string textOf(std::int64_t key, BytesView stored);
    /// First and last key of the ids that begin with these hex digits (1 to 64 of them, either
    /// case); nothing for other text.
    static std::optional<std::pair<std::int64_t, std::int64_t>> range(std::string_view prefix);
};

}  // namespace chancery::index
