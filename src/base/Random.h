#pragma once

#include <cstddef>

#include "src/base/Bytes.h"

namespace chancery {

/// Seam for unpredictable bytes (nonces, serial numbers, key generation is the crypto library's own
/// affair).
class Random {
public:
    virtual ~Random() = default;
    virtual Bytes bytes(std::size_t count) = 0;

    /// The operating system's generator. Thread-safe.
    static Random& system();
};

}  // namespace chancery
