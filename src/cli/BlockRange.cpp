#include "src/cli/BlockRange.h"

#include <charconv>
#include <limits>

namespace chancery::cli {

std::optional<std::uint64_t> numberFromText(std::string_view text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::pair<BlockNumber, BlockNumber>> blockRangeFromText(std::string_view text) {
    constexpr BlockNumber kEnd = std::numeric_limits<BlockNumber>::max();
    if (text == "all") return std::pair(BlockNumber{0}, kEnd);
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        const auto one = numberFromText(text);
        return one ? std::optional(std::pair(*one, *one)) : std::nullopt;
    }
    const auto first =
        dash == 0 ? std::optional<BlockNumber>(0) : numberFromText(text.substr(0, dash));
    const auto last =
        dash + 1 == text.size() ? std::optional(kEnd) : numberFromText(text.substr(dash + 1));
    if (!first || !last || *first > *last || text.size() == 1) return std::nullopt;
    return std::pair(*first, *last);
}

}  // namespace chancery::cli
