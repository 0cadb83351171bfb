#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery::channel {

/// Caps that hold while a JSON text is read, before its values are kept.
struct JsonLimits {
    std::size_t maxBytes = 16u << 20;
    std::size_t maxValues = 300'000;  ///< objects, lists and scalars together
    std::size_t maxDepth = 400;
};

/// Strictly JSON (RFC 8259). INVALID_ARGUMENT: BAD_JSON with arguments `line` and `column`,
/// DUPLICATE_KEY with `path`. RESOURCE_EXHAUSTED: JSON_TOO_LARGE, JSON_TOO_DEEP.
Result<nlohmann::json> readJson(std::string_view text, const JsonLimits& limits = {});

/// As Go's encoder writes it with a tab for indentation: keys sorted, `<`, `>` and `&` escaped, a
/// line feed at the end.
std::string writeJson(const nlohmann::json& value);

}  // namespace chancery::channel
