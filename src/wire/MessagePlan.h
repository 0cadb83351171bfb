#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/wire/FieldScanner.h"

namespace chancery::wire {

struct MessagePlan;

/// What a known field looks like on the wire and what it costs in memory.
struct FieldPlan {
    enum class Kind : std::uint8_t { Scalar, Bytes, String, Message };

    const google::protobuf::FieldDescriptor* descriptor = nullptr;
    /// Kind::Message only.
    const MessagePlan* message = nullptr;
    /// Bytes of memory for one more value, without the text of a string.
    std::uint32_t elementCost = 0;
    Kind kind = Kind::Scalar;
    /// Of one value; a packed run of scalars is a Length instead.
    WireType wireType = WireType::Varint;
    /// Maps too.
    bool repeated = false;
    bool map = false;
    /// A default value that was set is written: members of a oneof, messages, map entries, proto2.
    bool presence = false;
    /// proto2: protobuf keeps a number without a name among the unknown fields.
    bool closedEnum = false;
};

/// A descriptor flattened for the scanner, so that a field costs one array access. Made once per
/// message type.
struct MessagePlan {
    const google::protobuf::Descriptor* descriptor = nullptr;
    /// Bytes of memory for one message object without what its fields hold.
    std::uint32_t objectCost = 0;
    /// By field number; unused numbers have no descriptor.
    std::vector<FieldPlan> fields;
    /// Numbers beyond the array, ascending.
    std::vector<FieldPlan> sparse;

    /// nullptr when the message has no such field.
    const FieldPlan* find(std::uint32_t number) const {
        if (number < fields.size())
            return fields[number].descriptor != nullptr ? &fields[number] : nullptr;
        return sparse.empty() ? nullptr : findSparse(number);
    }

private:
    const FieldPlan* findSparse(std::uint32_t number) const;
};

/// The plan of a generated message type; made at its first use, lives as long as the program. Any
/// thread.
const MessagePlan& planFor(const google::protobuf::Descriptor& descriptor);

/// Memory estimates shared by plans and scanner, in bytes: what gcc's std::string, protobuf 3.21
/// and glibc's allocator take, rounded up.
inline constexpr std::uint32_t kStringCost = 48;
inline constexpr std::uint32_t kRepeatedSlotCost = 16;
inline constexpr std::uint32_t kUnknownFieldCost = 48;
inline constexpr std::uint32_t kMapNodeCost = 160;
inline constexpr std::uint32_t kInlineText = 15;

}  // namespace chancery::wire
