#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/wire/MessagePlan.h"

namespace chancery::wire {

/// What hostile bytes may cost. All of it is checked by a scan of the encoded form before anything
/// is allocated for the message.
struct ParseLimits {
    /// Size of the encoded message in bytes. The default is what Fabric's nodes let through gRPC.
    std::size_t maxBytes = 100u << 20;
    /// Messages inside messages; a map entry counts as one. Go's parser stops at 10,000: whoever
    /// must agree with it on every input may go there, which takes 4 MiB of stack.
    int maxDepth = 100;
    /// The decoded message may take memoryFactor * size + memorySlack bytes, by an estimate that
    /// lies above what is really taken. So no MiB of input makes 64 MiB of memory, copies included.
    /// Real messages take 1 to 20 times their encoded size, floods of empty elements 30 to 60
    /// times; nothing below 128 KiB is ever refused for this, no flood below 768 KiB and no
    /// ordinary message below 5 MiB.
    std::size_t memoryFactor = 12;
    std::size_t memorySlack = 44u << 20;
};

inline constexpr ParseLimits kDefaultLimits{};

/// Decodes `bytes` into `message`, which is cleared first and may live on an arena; after an error
/// its content is unspecified. `path` names the bytes in errors ("block.data[3].payload"); nested
/// fields are appended to it.
///
/// Total: any bytes give a message or one of these errors.
///   INVALID_ARGUMENT, MALFORMED_PROTOBUF (path, offset, field, problem): problem is truncated,
///     varint_too_long, bad_field_number, bad_wire_type, unmatched_end_group or bad_utf8
///   RESOURCE_EXHAUSTED, TOO_LARGE (path, size, limit), TOO_DEEP (path, offset, limit) or
///     TOO_MANY_ELEMENTS (path, size, memory, limit)
/// `offset` counts from the beginning of `bytes` to the tag of the field at fault; `field` is its
/// number.
///
/// What is accepted is what Go's parser accepts, for peers must agree on which transaction can be
/// read: padded varints are fine, a tenth byte above 1 is not, a known number with a foreign wire
/// type is an unknown field. Unknown fields stay in the message, unless there are groups among
/// them, they would bust the memory limit, or a tag or length is padded beyond five bytes; then all
/// are left out. Received messages are never encoded again, so nothing is lost. Any thread.
Status parseInto(google::protobuf::Message& message, BytesView bytes, std::string_view path,
                 const ParseLimits& limits = kDefaultLimits);

/// The same with the message's plan at hand (see MessagePlan.h); saves a look-up.
Status parseInto(const MessagePlan& plan, google::protobuf::Message& message, BytesView bytes,
                 std::string_view path, const ParseLimits& limits);

/// parseInto for a message by value:
/// `ASSIGN_OR_RETURN(auto block, parse<common::Block>(bytes, "block"))`.
template <class M>
Result<M> parse(BytesView bytes, std::string_view path,
                const ParseLimits& limits = kDefaultLimits) {
    static const MessagePlan& plan = planFor(*M::descriptor());
    M message;
    RETURN_IF_ERROR(parseInto(plan, message, bytes, path, limits));
    return Result<M>(std::move(message));
}

}  // namespace chancery::wire
