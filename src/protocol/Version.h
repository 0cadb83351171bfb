#pragma once

#include <compare>
#include <cstdint>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::protocol {

/// Which transaction last wrote a key: block and position in it.
struct Version {
    BlockNumber block = 0;
    std::uint64_t transaction = 0;

    friend auto operator<=>(const Version&, const Version&) = default;
};

/// Appends Fabric's order-preserving integer: one length byte, then that many big-endian bytes
/// without leading zeros.
void appendOrderPreserving(Bytes& out, std::uint64_t value);

/// Takes one such integer from the front of `bytes`. INVALID_ARGUMENT (BAD_INTEGER): cut short,
/// longer than 8 bytes, or not in the shortest form.
Result<std::uint64_t> takeOrderPreserving(BytesView& bytes);

/// Both integers, as the commit hash and snapshots write a version.
Bytes encodeVersion(const Version& version);
/// INVALID_ARGUMENT (BAD_VERSION), also for bytes behind the second integer.
Result<Version> decodeVersion(BytesView bytes);

}  // namespace chancery::protocol
