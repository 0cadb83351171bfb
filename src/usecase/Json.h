#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "src/base/Bytes.h"

namespace chancery::usecase {

/// Keys stay in the order in which they are added.
using Json = nlohmann::ordered_json;

/// The document with two spaces of indent and a final line break. What could mislead a terminal
/// (bidirectional marks, invisible characters, C1 controls) stands there as \uNNNN; malformed UTF-8
/// becomes U+FFFD.
std::string toText(const Json& json);

/// JSON that was made elsewhere, with the same characters hidden and a final line break.
std::string safeJson(std::string_view json);

/// JSON that somebody else may have written: discarded (is_discarded()) when it is none or nested
/// more than 64 deep. What is too deep is not even built.
Json parseJson(BytesView text);

/// Bytes of the ledger: a string when they are UTF-8 text, else {"hex": "…"}.
Json bytesToJson(BytesView bytes);

}  // namespace chancery::usecase
