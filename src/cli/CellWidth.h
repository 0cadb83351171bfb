#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::cli {

/// One character of well-formed UTF-8 (what `printable` gives) and the terminal cells it fills.
struct CodePoint {
    std::size_t bytes = 1;
    std::uint32_t code = 0;
    std::size_t cells = 1;
};
/// The character that begins at byte `at` of a text that is not empty there. A malformed byte
/// counts as one cell.
CodePoint codePointAt(std::string_view text, std::size_t at);

/// Terminal cells of a text: East Asian wide characters fill two, combining marks none.
std::size_t cellsOf(std::string_view text);

/// Bytes of the longest beginning that fits into `cells`.
std::size_t bytesWithin(std::string_view text, std::size_t cells);

/// The text, or its beginning with an ellipsis, in at most `cells`. For names.
std::string cutAtEnd(std::string_view text, std::size_t cells);

/// The text, or its beginning and end with an ellipsis between, in at most `cells`. For hashes, ids
/// and paths.
std::string cutInMiddle(std::string_view text, std::size_t cells);

}  // namespace chancery::cli
