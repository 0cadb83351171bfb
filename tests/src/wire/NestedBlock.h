#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "src/base/Bytes.h"

namespace chancery::test {

/// Called for every message of a block, nested bytes included, before it is decoded.
using Visit = std::function<void(const google::protobuf::Message& type, BytesView bytes,
                                 const std::string& path)>;

struct NestedCounts {
    std::size_t messages = 0;   ///< decoded, counting only what stood in a bytes field
    std::size_t malformed = 0;  ///< nested bytes that are no such message
    std::size_t unknown = 0;    ///< messages with unknown fields, submessages included
};

/// Decodes a block down to keys and values, as an explorer would.
NestedCounts decodeNested(BytesView block, const Visit& visit = {});

}  // namespace chancery::test
