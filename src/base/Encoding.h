#pragma once

#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery {

/// Lower-case hex.
std::string toHex(BytesView bytes);
/// Accepts either case; INVALID_ARGUMENT (reason BAD_HEX) names the offset of the first bad
/// character.
Result<Bytes> fromHex(std::string_view text);

/// Standard alphabet with padding.
std::string toBase64(BytesView bytes);
/// Standard alphabet; INVALID_ARGUMENT (reason BAD_BASE64) on any other character.
Result<Bytes> fromBase64(std::string_view text);

/// True when no byte is above 0x7F. Eight bytes at a time: parsers ask this of every string.
bool isAscii(BytesView bytes);

/// True when the bytes are well-formed UTF-8 (no surrogates, nothing above U+10FFFF, shortest
/// form).
bool isUtf8(BytesView bytes);

/// Text for a person or a log: control characters, bidirectional marks, escape sequences and
/// invalid UTF-8 become \xNN or \u{NNNN}; cut to `maxBytes` with an ellipsis.
std::string printable(BytesView bytes, std::size_t maxBytes = 4096);

}  // namespace chancery
