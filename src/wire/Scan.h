#pragma once

#include <cstddef>
#include <string_view>

#include "src/base/Status.h"
#include "src/wire/Parse.h"

namespace chancery::wire {

/// What a scan learns about well-formed bytes.
struct ScanReport {
    std::size_t knownCost =
        0;  ///< bytes of memory the known fields will take, estimated from above
    std::size_t unknownCost = 0;  ///< likewise for unknown fields
    int depth = 0;                ///< deepest nesting of messages
    /// Something Go reads and protobuf's C++ decoder may not: a tag or length padded to more than
    /// five bytes, or an unknown group, in which nearly everything goes.
    bool odd = false;
};

/// Walks the whole message without allocating for it and checks everything parseInto promises,
/// except memory.
Result<ScanReport> scan(const MessagePlan& plan, BytesView bytes, std::string_view path,
                        const ParseLimits& limits);

/// The known fields of a scanned message, in the order in which they came, encoded so that the
/// decoder reads them. Takes up to four bytes more than before for each nested message.
Bytes withoutOddities(const MessagePlan& plan, BytesView bytes);

}  // namespace chancery::wire
