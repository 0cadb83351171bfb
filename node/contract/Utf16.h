#pragma once

#include <cstddef>
#include <string>

#include "src/base/Bytes.h"

namespace chancery::node::contract {

/// The engine's text. Malformed UTF-8 becomes U+FFFD, one for each byte that begins nothing.
std::u16string toUtf16(BytesView bytes);
/// Surrogates without their partner become U+FFFD.
Bytes toUtf8(const char16_t* text, std::size_t length);

}  // namespace chancery::node::contract
