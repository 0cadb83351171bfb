#include "node/state/Document.h"

namespace chancery::node {
namespace {

constexpr int kMaxDepth = 128;

bool isTooDeep(BytesView text) {
    int depth = 0;
    bool inText = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inText) {
            if (c == '\\') ++at;
            inText = c != '"';
            continue;
        }
        inText = c == '"';
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if (depth > kMaxDepth) return true;
    }
    return false;
}

}  // namespace

std::optional<nlohmann::json> parseJson(BytesView text) {
    if (isTooDeep(text)) return std::nullopt;
    auto parsed = nlohmann::json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return std::nullopt;
    return parsed;
}

std::optional<nlohmann::json> documentOf(std::string_view key, BytesView value) {
    const std::size_t first = value.find_first_not_of(" \t\r\n");
    if (first == BytesView::npos || value[first] != '{') return std::nullopt;
    auto document = parseJson(value);
    if (document && document->is_object()) (*document)["_id"] = std::string(key);
    return document;
}

}  // namespace chancery::node
