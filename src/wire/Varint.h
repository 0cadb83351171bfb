#pragma once

#include <cstdint>

namespace chancery::wire {

/// Reads a base-128 varint from [at, end). Returns where it ends, or nullptr when it does not end
/// before `end` or does not fit into 64 bits (more than ten bytes, or a tenth byte above 1). Padded
/// encodings are read: Go writes none but accepts them. Source of the format: protobuf's encoding
/// rules, as Go applies them.
inline const char* readVarint(const char* at, const char* end, std::uint64_t& value) {
    if (at < end && static_cast<std::uint8_t>(*at) < 0x80) {
        value = static_cast<std::uint8_t>(*at);
        return at + 1;
    }
    std::uint64_t result = 0;
    for (int shift = 0; shift < 70 && at < end; shift += 7) {
        const auto byte = static_cast<std::uint8_t>(*at++);
        if (shift == 63 && byte > 1) return nullptr;
        result |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) {
            value = result;
            return at;
        }
    }
    return nullptr;
}

/// Bytes of the shortest encoding of `value`, 1 to 10.
inline int varintSize(std::uint64_t value) {
    return (64 + 6 - __builtin_clzll(value | 1)) / 7;
}

}  // namespace chancery::wire
