#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "src/base/Bytes.h"

namespace chancery::crypto {

/// ASN.1 tags that keys, certificates and signatures use.
namespace der {
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kOid = 0x06;
inline constexpr std::uint8_t kEnumerated = 0x0A;
inline constexpr std::uint8_t kUtf8String = 0x0C;
inline constexpr std::uint8_t kNumericString = 0x12;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kT61String = 0x14;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kBmpString = 0x1E;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t context(unsigned number) {
    return std::uint8_t(0x80 | number);
}
constexpr std::uint8_t contextConstructed(unsigned number) {
    return std::uint8_t(0xA0 | number);
}
}  // namespace der

/// Reads DER elements one after the other: definite, shortest lengths and single-byte tags only. A
/// failed read leaves the reader where it was. Views point into the bytes given to the constructor.
class DerReader {
public:
    explicit DerReader(BytesView bytes) : m_rest(bytes) {}

    bool empty() const { return m_rest.empty(); }
    BytesView rest() const { return m_rest; }
    /// Tag of the next element; 0 at the end.
    std::uint8_t nextTag() const { return m_rest.empty() ? 0 : std::uint8_t(m_rest[0]); }

    /// Content of the next element, which must have this tag.
    std::optional<BytesView> read(std::uint8_t tag);
    /// The next element with tag and length.
    std::optional<BytesView> readWhole(std::uint8_t tag);
    /// Any element: its tag and content.
    struct Element {
        std::uint8_t tag;
        BytesView content;
        BytesView whole;
    };
    std::optional<Element> readAny();

    /// Content of an INTEGER in its shortest form, sign byte included.
    std::optional<BytesView> readInteger();
    /// A non-negative INTEGER of at most 31 bits.
    std::optional<int> readSmallInteger();
    /// BOOLEAN, 00 or FF.
    std::optional<bool> readBoolean();
    /// Content of a BIT STRING whose length is a whole number of bytes.
    std::optional<BytesView> readBitStringBytes();

private:
    BytesView m_rest;
};

/// Dotted form of an OBJECT IDENTIFIER's content; empty when it is malformed or an arc needs more
/// than 64 bits.
std::string oidText(BytesView content);
/// Content bytes of a dotted OBJECT IDENTIFIER; the text is a constant of the program.
Bytes oidBytes(std::string_view dotted);

/// Writers, inside out: derSequence({derOid("1.2"), derInteger(5)}).
Bytes derElement(std::uint8_t tag, std::initializer_list<BytesView> contents);
inline Bytes derElement(std::uint8_t tag, BytesView content) {
    return derElement(tag, {content});
}
inline Bytes derSequence(std::initializer_list<BytesView> elements) {
    return derElement(der::kSequence, elements);
}
/// From big-endian magnitude bytes, leading zeros allowed.
Bytes derUnsigned(BytesView magnitude);
Bytes derInteger(std::uint64_t value);
Bytes derOid(std::string_view dotted);
/// With no unused bits.
Bytes derBitString(BytesView bytes);

}  // namespace chancery::crypto
