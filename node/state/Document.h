#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "src/base/Bytes.h"

namespace chancery::node {

/// JSON of at most 128 levels; nothing for other bytes.
std::optional<nlohmann::json> parseJson(BytesView text);

/// What rich queries see of a key: its value when that is a JSON object, with the key as `_id`.
/// Nothing for other values.
std::optional<nlohmann::json> documentOf(std::string_view key, BytesView value);

}  // namespace chancery::node
