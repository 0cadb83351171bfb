#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "src/base/Bytes.h"

namespace chancery::node {

/// Bytes that compare as CouchDB compares JSON values: null, false, true, numbers, strings, arrays,
/// objects. Several keys behind each other compare one after the other. Strings come in the order
/// of ICU's root collation as far as ASCII goes (punctuation, digits, letters, each small letter
/// before its capital); other characters come behind them by code point. Values that CouchDB takes
/// for equal give equal bytes, but for strings that differ only in control characters.
void appendCollationKey(Bytes& out, const nlohmann::json& value);
Bytes collationKey(const nlohmann::json& value);

/// JSON as a peer gives it back after CouchDB: keys sorted, no white space, and <, >, &, U+2028 and
/// U+2029 escaped as Go does it.
std::string canonicalJson(const nlohmann::json& value);

}  // namespace chancery::node
