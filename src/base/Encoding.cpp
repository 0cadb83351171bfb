#include "src/base/Encoding.h"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "absl/strings/escaping.h"
#include "src/base/Utf8.h"

namespace chancery {
namespace {

absl::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool misleads(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x00AD || code == 0x061C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF0 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string toHex(BytesView bytes) {
    return absl::BytesToHexString(view(bytes));
}

Result<Bytes> fromHex(std::string_view text) {
    if (text.size() % 2 != 0)
        return makeError(StatusCode::kInvalidArgument, "BAD_HEX",
                         "hex text has an odd number of digits");
    Bytes bytes(text.size() / 2, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int digit = hexDigit(text[i]);
        if (digit < 0)
            return makeError(StatusCode::kInvalidArgument, "BAD_HEX",
                             fmt::format("character {} is not a hex digit", i),
                             {{"offset", std::to_string(i)}});
        bytes[i / 2] = static_cast<char>((static_cast<unsigned char>(bytes[i / 2]) << 4) | digit);
    }
    return bytes;
}

std::string toBase64(BytesView bytes) {
    return absl::Base64Escape(view(bytes));
}

Result<Bytes> fromBase64(std::string_view text) {
    Bytes bytes;
    if (!absl::Base64Unescape(view(text), &bytes))
        return makeError(StatusCode::kInvalidArgument, "BAD_BASE64", "text is not base64");
    return bytes;
}

bool isAscii(BytesView bytes) {
    std::uint64_t bits = 0;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, bytes.data() + at, 8);
        bits |= eight;
    }
    for (; at < bytes.size(); ++at) bits |= static_cast<std::uint8_t>(bytes[at]);
    return (bits & 0x8080808080808080u) == 0;
}

bool isUtf8(BytesView bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto [length, code] = utf8CharacterAt(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string printable(BytesView bytes, std::size_t maxBytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto [length, code] = utf8CharacterAt(bytes, at);
        std::string piece;
        if (length == 0)
            piece = fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes[at]));
        else if (code == '\n' || code == '\t')
            piece = code == '\n' ? "\\n" : "\\t";
        else if (misleads(code))
            piece = code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{{{:x}}}", code);
        else
            piece = std::string(bytes.substr(at, length));
        if (text.size() + piece.size() > maxBytes) return text + "…";
        text += piece;
        at += length == 0 ? 1 : length;
    }
    return text;
}

}  // namespace chancery
