#include "src/wire/Serialize.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <optional>

#include "src/base/Encoding.h"
#include "src/wire/Parse.h"

namespace chancery::wire {
namespace {

namespace pb = google::protobuf;

// The one encoding of a value among all that mean the same.
std::uint64_t canonicalInteger(const pb::FieldDescriptor& field, std::uint64_t value) {
    switch (field.type()) {
        case pb::FieldDescriptor::TYPE_BOOL:
            return value != 0 ? 1 : 0;
        case pb::FieldDescriptor::TYPE_UINT32:
        case pb::FieldDescriptor::TYPE_SINT32:
            return static_cast<std::uint32_t>(value);
        case pb::FieldDescriptor::TYPE_INT32:
        case pb::FieldDescriptor::TYPE_ENUM:
            return static_cast<std::uint64_t>(
                static_cast<std::int64_t>(static_cast<std::int32_t>(value)));
        default:
            return value;
    }
}

class Canonical {
public:
    // False for malformed bytes, too.
    bool message(const MessagePlan& plan, BytesView bytes, int depth) const {
        if (depth > kDefaultLimits.maxDepth) return false;
        FieldScanner scanner(bytes);
        std::uint32_t last = 0;
        const pb::OneofDescriptor* oneof = nullptr;
        std::optional<BytesView> lastKey;
        bool tail = false;  // unknown fields have begun
        while (scanner.next()) {
            const FieldPlan* field = plan.find(scanner.number());
            if (field == nullptr || !fits(*field, scanner.wireType())) {
                tail = true;
                if (scanner.tagSize() != tagSize(scanner)) return false;
                continue;
            }
            const bool again = scanner.number() == last;
            const bool runOn = field->repeated && !packed(*field);
            if (tail || scanner.number() < last || (again && !runOn)) return false;
            const auto* own = field->descriptor->real_containing_oneof();
            if (own != nullptr && own == oneof) return false;
            if (own != nullptr) oneof = own;
            if (!again) lastKey.reset();
            last = scanner.number();
            if (!shortest(scanner) || !value(*field, scanner, depth)) return false;
            if (field->map && !ascending(*field, scanner.view(), lastKey)) return false;
        }
        return !scanner.failed();
    }

private:
    static bool packed(const FieldPlan& field) { return field.descriptor->is_packed(); }

    // Known to Go's decoder in this form; otherwise it is an unknown field.
    static bool fits(const FieldPlan& field, WireType type) {
        if (type == field.wireType) return true;
        return type == WireType::Length && field.repeated && field.kind == FieldPlan::Kind::Scalar;
    }

    static std::size_t tagSize(const FieldScanner& scanner) {
        return static_cast<std::size_t>(varintSize(std::uint64_t{scanner.number()} << 3));
    }

    static bool shortest(const FieldScanner& scanner) {
        std::size_t size = tagSize(scanner);
        if (scanner.tagSize() != size) return false;
        if (scanner.wireType() == WireType::Length)
            size +=
                static_cast<std::size_t>(varintSize(scanner.view().size())) + scanner.view().size();
        else if (scanner.wireType() == WireType::Varint)
            size += static_cast<std::size_t>(varintSize(scanner.integer()));
        else
            size += scanner.wireType() == WireType::Fixed64 ? 8 : 4;
        return scanner.raw().size() == size;
    }

    bool value(const FieldPlan& field, const FieldScanner& scanner, int depth) const {
        const bool mayBeDefault = field.presence || field.repeated;
        switch (field.kind) {
            case FieldPlan::Kind::Message:
                return field.map ? entry(*field.message, scanner.view(), depth + 1)
                                 : message(*field.message, scanner.view(), depth + 1);
            case FieldPlan::Kind::String:
                if (!isUtf8(scanner.view())) return false;
                [[fallthrough]];
            case FieldPlan::Kind::Bytes:
                return mayBeDefault || !scanner.view().empty();
            case FieldPlan::Kind::Scalar:
                break;
        }
        if (packed(field))
            return scanner.wireType() == WireType::Length && run(field, scanner.view());
        if (scanner.wireType() == WireType::Length) return false;
        if (scanner.wireType() == WireType::Varint &&
            canonicalInteger(*field.descriptor, scanner.integer()) != scanner.integer())
            return false;
        return mayBeDefault || scanner.integer() != 0;
    }

    static bool run(const FieldPlan& field, BytesView bytes) {
        if (bytes.empty()) return false;
        if (field.wireType != WireType::Varint)
            return bytes.size() % (field.wireType == WireType::Fixed64 ? 8 : 4) == 0;
        const char* const end = bytes.data() + bytes.size();
        for (const char* at = bytes.data(); at != end;) {
            std::uint64_t value = 0;
            const char* after = readVarint(at, end, value);
            if (after == nullptr || after - at != varintSize(value)) return false;
            if (canonicalInteger(*field.descriptor, value) != value) return false;
            at = after;
        }
        return true;
    }

    // An entry has key and value, both always written, and nothing else.
    bool entry(const MessagePlan& plan, BytesView bytes, int depth) const {
        FieldScanner scanner(bytes);
        std::uint32_t count = 0;
        while (scanner.next()) {
            ++count;
            const FieldPlan* field = plan.find(scanner.number());
            if (count > 2 || scanner.number() != count || field == nullptr ||
                scanner.wireType() != field->wireType)
                return false;
            if (!shortest(scanner) || !value(*field, scanner, depth)) return false;
        }
        return !scanner.failed() && count == 2;
    }

    // Keys of one map must grow; `last` is the key field of the entry before.
    static bool ascending(const FieldPlan& field, BytesView bytes, std::optional<BytesView>& last) {
        FieldScanner key(bytes);
        key.next();
        const bool text = field.message->find(1)->wireType == WireType::Length;
        bool grows = true;
        if (last) {
            FieldScanner before(*last);
            before.next();
            grows = text ? before.view() < key.view() : before.integer() < key.integer();
        }
        last = bytes;
        return grows;
    }
};

}  // namespace

Bytes serialize(const pb::Message& message) {
    Bytes bytes;
    bytes.reserve(message.ByteSizeLong());
    {
        pb::io::StringOutputStream out(&bytes);
        pb::io::CodedOutputStream coded(&out);
        coded.SetSerializationDeterministic(true);
        message.SerializeWithCachedSizes(&coded);
    }
    return bytes;
}

bool reencodesIdentically(const MessagePlan& plan, BytesView bytes) {
    return Canonical().message(plan, bytes, 0);
}

}  // namespace chancery::wire
