#include "src/usecase/Json.h"

#include "src/base/Encoding.h"
#include "src/base/Utf8.h"

namespace chancery::usecase {

std::string toText(const Json& json) {
    return safeJson(json.dump(2, ' ', false, Json::error_handler_t::replace));
}

std::string safeJson(std::string_view dumped) {
    std::string text;
    text.reserve(dumped.size() + 1);
    for (std::size_t at = 0; at < dumped.size();) {
        const Utf8Character point = utf8CharacterAt(dumped, at);
        const std::string_view character = dumped.substr(at, std::max<std::size_t>(point.bytes, 1));
        at += character.size();
        // Outside strings JSON has ASCII only, so what `printable` would hide stands in a string.
        if (point.bytes == 0)
            text += "\\ufffd";
        else if (point.code < 0x7F || printable(character) == character)
            text += character;
        else if (point.code > 0xFFFF)
            text += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((point.code - 0x10000) >> 10),
                                0xDC00 + ((point.code - 0x10000) & 0x3FF));
        else
            text += fmt::format("\\u{:04x}", point.code);
    }
    if (!text.ends_with('\n')) text += '\n';
    return text;
}

Json parseJson(BytesView text) {
    constexpr std::size_t kMostDepth = 64;
    std::size_t depth = 0;
    bool isString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char one = text[i];
        if (isString) {
            if (one == '\\') ++i;
            isString = one != '"';
            continue;
        }
        if (one == '"') isString = true;
        if (one == '[' || one == '{')
            if (++depth > kMostDepth) return Json(Json::value_t::discarded);
        if ((one == ']' || one == '}') && depth > 0) --depth;
    }
    return Json::parse(text, nullptr, false);
}

Json bytesToJson(BytesView bytes) {
    if (isUtf8(bytes)) return std::string(bytes);
    return Json{{"hex", toHex(bytes)}};
}

}  // namespace chancery::usecase
