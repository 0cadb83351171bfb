#pragma once

// For the sources of this folder: reading JSON of which nothing is known.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "src/base/Bytes.h"

namespace chancery::wallet {

using Json = nlohmann::json;

/// Null when the text is no object.
Json parseObject(std::string_view text);
std::string textOf(const Json& json);  ///< one line

/// The member, when it is there and of that kind.
std::optional<std::string> stringIn(const Json& object, const char* name);
std::optional<std::uint64_t> numberIn(const Json& object, const char* name);
std::optional<Bytes> base64In(const Json& object, const char* name);
std::optional<absl::Time> timeIn(const Json& object, const char* name);
/// RFC 3339, UTC.
std::string timeText(absl::Time time);

/// Overwrites every text in it.
void wipe(Json& json);

}  // namespace chancery::wallet
