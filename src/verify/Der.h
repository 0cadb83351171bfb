#pragma once

#include <cstddef>
#include <cstdint>

#include "src/base/Bytes.h"

namespace chancery::verify {

/// How many bytes follow the DER sequence that a signature is; verifiers ignore them. 0 when it is
/// no such sequence.
inline std::size_t bytesBehindDer(BytesView signature) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(signature[i]); };
    if (signature.size() < 2 || byte(0) != 0x30) return 0;
    std::size_t header = 2;
    std::size_t length = byte(1);
    if (length == 0x81 && signature.size() > 2) {
        header = 3;
        length = byte(2);
    } else if (length >= 0x80) {
        return 0;
    }
    return signature.size() > header + length ? signature.size() - header - length : 0;
}

}  // namespace chancery::verify
