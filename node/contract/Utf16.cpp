#include "node/contract/Utf16.h"

#include "src/base/Utf8.h"

namespace chancery::node::contract {
namespace {

constexpr char16_t kReplacement = 0xFFFD;

void append(Bytes& out, char32_t code) {
    const auto byte = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | (code >> 6));
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3F));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

bool isHigh(char16_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool isLow(char16_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

std::u16string toUtf16(BytesView bytes) {
    std::u16string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const Utf8Character character = utf8CharacterAt(bytes, at);
        if (character.bytes == 0) {
            out.push_back(kReplacement);
            ++at;
        } else if (character.code >= 0x10000) {
            out.push_back(static_cast<char16_t>(0xD7C0 + (character.code >> 10)));
            out.push_back(static_cast<char16_t>(0xDC00 | (character.code & 0x3FF)));
            at += character.bytes;
        } else {
            out.push_back(static_cast<char16_t>(character.code));
            at += character.bytes;
        }
    }
    return out;
}

Bytes toUtf8(const char16_t* text, std::size_t length) {
    Bytes out;
    out.reserve(length);
    for (std::size_t i = 0; i < length; ++i) {
        const char16_t unit = text[i];
        if (isHigh(unit) && i + 1 < length && isLow(text[i + 1])) {
            append(out, 0x10000 + ((unit - 0xD800U) << 10) + (text[i + 1] - 0xDC00U));
            ++i;
        } else {
            append(out, isHigh(unit) || isLow(unit) ? kReplacement : unit);
        }
    }
    return out;
}

}  // namespace chancery::node::contract
