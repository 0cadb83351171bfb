#pragma once

#include <cstddef>
#include <cstdint>

#include "src/base/Bytes.h"

namespace chancery {

struct Utf8Character {
    std::size_t bytes = 0;  ///< 0: malformed
    std::uint32_t code = 0;
};

/// The character that begins at byte `at`, which is inside of the text. Surrogates, codes above
/// U+10FFFF and forms that are not the shortest are malformed.
inline Utf8Character utf8CharacterAt(BytesView bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const std::uint8_t first = byte(at);
    if (first < 0x80) return {1, first};
    std::size_t length = 0;
    std::uint32_t code = 0;
    std::uint32_t least = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2, code = first & 0x1F, least = 0x80;
    } else if ((first & 0xF0) == 0xE0) {
        length = 3, code = first & 0x0F, least = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4, code = first & 0x07, least = 0x10000;
    } else {
        return {0, 0};
    }
    if (at + length > bytes.size()) return {0, 0};
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return {0, 0};
        code = (code << 6) | (byte(at + i) & 0x3F);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {0, 0};
    return {length, code};
}

}  // namespace chancery
