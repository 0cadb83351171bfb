#pragma once

#include <cstdint>

#include "src/base/Bytes.h"

namespace chancery {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `bytes`. `before` is the value of what
/// stands in front of them, so that pieces can be taken one after the other. Uses the processor's
/// instruction where there is one. Thread-safe.
std::uint32_t crc32c(BytesView bytes, std::uint32_t before = 0);

}  // namespace chancery
