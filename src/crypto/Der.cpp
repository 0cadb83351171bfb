#include "src/crypto/Der.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <vector>

namespace chancery::crypto {

std::optional<DerReader::Element> DerReader::readAny() {
    if (m_rest.size() < 2) return std::nullopt;
    const auto byte = [&](std::size_t i) { return std::uint8_t(m_rest[i]); };
    const std::uint8_t tag = byte(0);
    if ((tag & 0x1F) == 0x1F) return std::nullopt;  // no format here uses tags above 30
    std::size_t header = 2;
    std::size_t length = byte(1);
    if (length >= 0x80) {
        const std::size_t count = length & 0x7F;
        if (count == 0 || count > 4 || m_rest.size() < 2 + count || byte(2) == 0)
            return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < count; ++i) length = (length << 8) | byte(2 + i);
        if (length < 0x80) return std::nullopt;
        header += count;
    }
    if (length > m_rest.size() - header) return std::nullopt;
    const Element element{tag, m_rest.substr(header, length), m_rest.substr(0, header + length)};
    m_rest.remove_prefix(header + length);
    return element;
}

std::optional<BytesView> DerReader::read(std::uint8_t tag) {
    if (nextTag() != tag) return std::nullopt;
    const auto element = readAny();
    if (!element) return std::nullopt;
    return element->content;
}

std::optional<BytesView> DerReader::readWhole(std::uint8_t tag) {
    if (nextTag() != tag) return std::nullopt;
    const auto element = readAny();
    if (!element) return std::nullopt;
    return element->whole;
}

std::optional<BytesView> DerReader::readInteger() {
    const BytesView before = m_rest;
    const auto content = read(der::kInteger);
    if (!content) return std::nullopt;
    const auto byte = [&](std::size_t i) { return std::uint8_t((*content)[i]); };
    const bool longer = content->size() > 1 && ((byte(0) == 0x00 && byte(1) < 0x80) ||
                                                (byte(0) == 0xFF && byte(1) >= 0x80));
    if (content->empty() || longer) {
        m_rest = before;
        return std::nullopt;
    }
    return content;
}

std::optional<int> DerReader::readSmallInteger() {
    const BytesView before = m_rest;
    const auto content = readInteger();
    if (!content) return std::nullopt;
    if (content->size() > 4 || std::uint8_t(content->front()) >= 0x80) {
        m_rest = before;
        return std::nullopt;
    }
    int value = 0;
    for (const char c : *content) value = (value << 8) | std::uint8_t(c);
    return value;
}

std::optional<bool> DerReader::readBoolean() {
    const BytesView before = m_rest;
    const auto content = read(der::kBoolean);
    if (content && content->size() == 1) {
        if (std::uint8_t(content->front()) == 0xFF) return true;
        if (std::uint8_t(content->front()) == 0x00) return false;
    }
    m_rest = before;
    return std::nullopt;
}

std::optional<BytesView> DerReader::readBitStringBytes() {
    const BytesView before = m_rest;
    const auto content = read(der::kBitString);
    if (content && !content->empty() && content->front() == 0) return content->substr(1);
    m_rest = before;
    return std::nullopt;
}

std::string oidText(BytesView content) {
    std::string text;
    std::uint64_t arc = 0;
    bool inArc = false;
    for (const char c : content) {
        const auto byte = std::uint8_t(c);
        if (!inArc && byte == 0x80) return {};  // not the shortest form
        if (arc >> 57 != 0) return {};
        arc = (arc << 7) | (byte & 0x7F);
        inArc = byte >= 0x80;
        if (inArc) continue;
        if (text.empty()) {
            const std::uint64_t first = arc < 80 ? arc / 40 : 2;
            text = fmt::format("{}.{}", first, arc - first * 40);
        } else {
            text += fmt::format(".{}", arc);
        }
        arc = 0;
    }
    return inArc ? std::string() : text;
}

Bytes oidBytes(std::string_view dotted) {
    std::vector<std::uint64_t> arcs(1, 0);
    for (const char c : dotted) {
        if (c == '.')
            arcs.push_back(0);
        else
            arcs.back() = arcs.back() * 10 + std::uint64_t(c - '0');
    }
    Bytes bytes;
    for (std::size_t i = 1; i < arcs.size(); ++i) {
        std::uint64_t arc = i == 1 ? arcs[0] * 40 + arcs[1] : arcs[i];
        Bytes part(1, char(arc & 0x7F));
        while ((arc >>= 7) != 0) part.insert(part.begin(), char(0x80 | (arc & 0x7F)));
        bytes += part;
    }
    return bytes;
}

Bytes derElement(std::uint8_t tag, std::initializer_list<BytesView> contents) {
    std::size_t length = 0;
    for (const BytesView content : contents) length += content.size();
    Bytes bytes(1, char(tag));
    if (length < 0x80) {
        bytes += char(length);
    } else {
        std::size_t count = 0;
        for (std::size_t left = length; left != 0; left >>= 8) ++count;
        bytes += char(0x80 | count);
        while (count-- > 0) bytes += char(length >> (8 * count));
    }
    bytes.reserve(bytes.size() + length);
    for (const BytesView content : contents) bytes += content;
    return bytes;
}

Bytes derUnsigned(BytesView magnitude) {
    while (magnitude.size() > 1 && magnitude.front() == 0) magnitude.remove_prefix(1);
    const bool needsSign = !magnitude.empty() && std::uint8_t(magnitude.front()) >= 0x80;
    const bool isNothing = magnitude.empty();
    return derElement(der::kInteger, {BytesView("\0", needsSign || isNothing ? 1 : 0), magnitude});
}

Bytes derInteger(std::uint64_t value) {
    std::array<char, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = char(value >> (56 - 8 * i));
    return derUnsigned(BytesView(bytes.data(), bytes.size()));
}

Bytes derOid(std::string_view dotted) {
    return derElement(der::kOid, oidBytes(dotted));
}

Bytes derBitString(BytesView bytes) {
    return derElement(der::kBitString, {BytesView("\0", 1), bytes});
}

}  // namespace chancery::crypto
