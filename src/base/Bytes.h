#pragma once

#include <string>
#include <string_view>

namespace chancery {

/// Raw bytes that were or will be signed, hashed or sent. They are kept as received, never
/// re-serialised.
using Bytes = std::string;
using BytesView = std::string_view;

}  // namespace chancery
