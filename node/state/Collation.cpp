#include "node/state/Collation.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace chancery::node {
namespace {

using nlohmann::json;

// What a value begins with. All are greater than the ends of strings and lists.
constexpr char kEnd = 0x01, kNull = 0x10, kFalse = 0x20, kTrue = 0x21, kNumber = 0x30,
               kString = 0x40, kArray = 0x50, kObject = 0x60;

constexpr std::string_view kAsciiOrder = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// Weight of a character, 0 for those that do not count, and whether it is a capital.
struct Weight {
    std::uint32_t primary = 0;
    bool isUpper = false;
};

std::array<Weight, 128> makeWeights() {
    std::array<Weight, 128> weights{};
    std::uint32_t next = 1;
    for (const char c : kAsciiOrder) weights[static_cast<unsigned char>(c)] = {next++, false};
    for (char c = 'a'; c <= 'z'; ++c) {
        weights[static_cast<unsigned char>(c)] = {next, false};
        weights[static_cast<unsigned char>(c - 'a' + 'A')] = {next++, true};
    }
    return weights;
}

Weight weightOf(std::uint32_t codePoint) {
    static const std::array<Weight, 128> weights = makeWeights();
    if (codePoint < 128) return weights[codePoint];
    return {0x200 + codePoint, false};
}

/// The next code point of UTF-8; other bytes count one by one.
std::uint32_t takeCodePoint(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(at);
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    std::uint32_t value = more == 3   ? first & 0x07
                          : more == 2 ? first & 0x0F
                          : more == 1 ? first & 0x1F
                                      : first;
    for (++at; more > 0 && (byte(at) & 0xC0) == 0x80; --more)
        value = value << 6 | (byte(at++) & 0x3F);
    return value;
}

void appendString(Bytes& out, std::string_view text) {
    Bytes capitals;
    for (std::size_t at = 0; at < text.size();) {
        const Weight weight = weightOf(takeCodePoint(text, at));
        if (weight.primary == 0) continue;
        // Two bytes and more, none of them an end.
        const std::uint32_t value = weight.primary;
        for (const int shift : {14, 7, 0})
            out.push_back(static_cast<char>(0x80 | (value >> shift & 0x7F)));
        capitals.push_back(weight.isUpper ? 3 : 2);
    }
    out.push_back(kEnd);
    out.append(capitals);
    out.push_back(kEnd);
}

void appendBigEndian(Bytes& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xFF));
}

void appendNumber(Bytes& out, const json& value) {
    const double rounded = value.get<double>();
    // What the double leaves of an integer: at most 1024.
    std::int64_t rest = 0;
    if (value.is_number_unsigned() && rounded < 18446744073709551616.0)
        rest = static_cast<std::int64_t>(value.get<std::uint64_t>() -
                                         static_cast<std::uint64_t>(rounded));
    else if (value.is_number_integer() && !value.is_number_unsigned())
        rest = value.get<std::int64_t>() - static_cast<std::int64_t>(rounded);
    auto bits = std::bit_cast<std::uint64_t>(rounded == 0 ? 0.0 : rounded);
    bits = bits >> 63 != 0 ? ~bits : bits | 1ULL << 63;
    appendBigEndian(out, bits, 8);
    appendBigEndian(out, static_cast<std::uint64_t>(rest + 0x8000), 2);
}

void appendEscaped(std::string& out, std::string_view text) {
    const std::string plain =
        json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace);
    for (std::size_t at = 0; at < plain.size(); ++at) {
        const char c = plain[at];
        if (c == '<' || c == '>' || c == '&')
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else if (plain.compare(at, 3, "\xE2\x80\xA8") == 0)
            out += "\\u2028", at += 2;
        else if (plain.compare(at, 3, "\xE2\x80\xA9") == 0)
            out += "\\u2029", at += 2;
        else
            out.push_back(c);
    }
}

void append(std::string& out, const json& value) {
    if (value.is_object()) {
        char before = '{';
        for (const auto& [key, member] : value.items()) {
            out.push_back(std::exchange(before, ','));
            appendEscaped(out, key);
            out.push_back(':');
            append(out, member);
        }
        out += before == '{' ? "{}" : "}";
    } else if (value.is_array()) {
        char before = '[';
        for (const auto& element : value) {
            out.push_back(std::exchange(before, ','));
            append(out, element);
        }
        out += before == '[' ? "[]" : "]";
    } else if (value.is_string()) {
        appendEscaped(out, value.get_ref<const std::string&>());
    } else {
        out += value.dump();
    }
}

}  // namespace

void appendCollationKey(Bytes& out, const json& value) {
    switch (value.type()) {
        case json::value_t::boolean:
            out.push_back(value.get<bool>() ? kTrue : kFalse);
            break;
        case json::value_t::string:
            out.push_back(kString);
            appendString(out, value.get_ref<const std::string&>());
            break;
        case json::value_t::array:
            out.push_back(kArray);
            for (const auto& element : value) appendCollationKey(out, element);
            out.push_back(kEnd);
            break;
        case json::value_t::object:
            out.push_back(kObject);
            for (const auto& [key, member] : value.items()) {
                out.push_back(kString);
                appendString(out, key);
                appendCollationKey(out, member);
            }
            out.push_back(kEnd);
            break;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned:
        case json::value_t::number_float:
            out.push_back(kNumber);
            appendNumber(out, value);
            break;
        default:
            out.push_back(kNull);
    }
}

Bytes collationKey(const json& value) {
    Bytes out;
    appendCollationKey(out, value);
    return out;
}

std::string canonicalJson(const json& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace chancery::node
