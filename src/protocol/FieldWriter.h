#pragma once

#include <cstdint>

#include "src/base/Bytes.h"

namespace chancery::protocol {

// Writes fields straight into a buffer, for messages that are written often or hold large parts
// which should not be copied into a message object first. Field numbers up to 15 (one tag byte).

inline void appendVarint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}
inline std::size_t varintSize(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7) ++size;
    return size;
}

/// Tag and length of a Length field.
inline void appendTag(Bytes& out, std::uint32_t number, std::size_t length) {
    out.push_back(static_cast<char>(number << 3 | 2));
    appendVarint(out, length);
}
/// An element of a repeated field, or a message: written even when empty.
inline void appendElement(Bytes& out, std::uint32_t number, BytesView bytes) {
    appendTag(out, number, bytes.size());
    out.append(bytes);
}
inline std::size_t elementSize(BytesView bytes) {
    return 1 + varintSize(bytes.size()) + bytes.size();
}
/// A singular bytes or string field: left out when empty.
inline void appendBytes(Bytes& out, std::uint32_t number, BytesView bytes) {
    if (!bytes.empty()) appendElement(out, number, bytes);
}
/// A singular integer field: left out when 0.
inline void appendInteger(Bytes& out, std::uint32_t number, std::uint64_t value) {
    if (value == 0) return;
    out.push_back(static_cast<char>(number << 3));
    appendVarint(out, value);
}

}  // namespace chancery::protocol
