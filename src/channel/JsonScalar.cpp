#include "src/channel/JsonScalar.h"

#include <charconv>
#include <limits>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/base/Encoding.h"

namespace chancery::channel {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using nlohmann::json;

json enumToJson(const FieldDescriptor& field, int number) {
    const auto* value = field.enum_type()->FindValueByNumber(number);
    return value != nullptr ? json(value->name()) : json(number);
}

Status badScalar(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_JSON_VALUE", sentence);
}

/// A whole number, written as a number or as text.
template <class Integer>
Result<Integer> integerFrom(const json& value) {
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()))
            return static_cast<Integer>(number);
        return badScalar("the number is too large");
    }
    if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        if constexpr (std::is_signed_v<Integer>)
            if (number >= static_cast<std::int64_t>(std::numeric_limits<Integer>::min()) &&
                number <= static_cast<std::int64_t>(std::numeric_limits<Integer>::max()))
                return static_cast<Integer>(number);
        return badScalar("the number is out of range");
    }
    if (!value.is_string()) return badScalar("a whole number was expected");
    const std::string& text = value.get_ref<const std::string&>();
    Integer number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return badScalar("a whole number of that range was expected");
    return number;
}

Result<int> enumFrom(const json& value, const FieldDescriptor& field) {
    if (!value.is_string()) return integerFrom<std::int32_t>(value);
    const auto* named = field.enum_type()->FindValueByName(value.get_ref<const std::string&>());
    if (named == nullptr)
        return badScalar(
            fmt::format("{} has no value of that name", field.enum_type()->full_name()));
    return named->number();
}

// Go's reader takes both alphabets, with and without padding.
Result<std::string> bytesFrom(const json& value) {
    if (!value.is_string()) return badScalar("bytes are written as base64 text");
    std::string text = value.get<std::string>();
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (text.size() % 4 != 0) text += '=';
    auto bytes = fromBase64(text);
    if (!bytes.ok()) return badScalar("the text is not base64");
    return bytes;
}

template <class T, class Set, class Add>
Status store(const FieldDescriptor& field, Result<T> value, Set set, Add add) {
    if (!value.ok()) return value.status();
    if (field.is_repeated())
        add(*std::move(value));
    else
        set(*std::move(value));
    return absl::OkStatus();
}

}  // namespace

json scalarToJson(const Message& message, const FieldDescriptor& field) {
    const auto* reflection = message.GetReflection();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
            return reflection->GetInt32(message, &field);
        case FieldDescriptor::CPPTYPE_UINT32:
            return reflection->GetUInt32(message, &field);
        case FieldDescriptor::CPPTYPE_INT64:
            return std::to_string(reflection->GetInt64(message, &field));
        case FieldDescriptor::CPPTYPE_UINT64:
            return std::to_string(reflection->GetUInt64(message, &field));
        case FieldDescriptor::CPPTYPE_BOOL:
            return reflection->GetBool(message, &field);
        case FieldDescriptor::CPPTYPE_ENUM:
            return enumToJson(field, reflection->GetEnumValue(message, &field));
        case FieldDescriptor::CPPTYPE_STRING:
            return reflection->GetString(message, &field);
        case FieldDescriptor::CPPTYPE_FLOAT:
            return reflection->GetFloat(message, &field);
        case FieldDescriptor::CPPTYPE_DOUBLE:
            return reflection->GetDouble(message, &field);
        case FieldDescriptor::CPPTYPE_MESSAGE:
            break;
    }
    return nullptr;
}

json repeatedScalarToJson(const Message& message, const FieldDescriptor& field, int index) {
    const auto* reflection = message.GetReflection();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
            return reflection->GetRepeatedInt32(message, &field, index);
        case FieldDescriptor::CPPTYPE_UINT32:
            return reflection->GetRepeatedUInt32(message, &field, index);
        case FieldDescriptor::CPPTYPE_INT64:
            return std::to_string(reflection->GetRepeatedInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_UINT64:
            return std::to_string(reflection->GetRepeatedUInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_BOOL:
            return reflection->GetRepeatedBool(message, &field, index);
        case FieldDescriptor::CPPTYPE_ENUM:
            return enumToJson(field, reflection->GetRepeatedEnumValue(message, &field, index));
        case FieldDescriptor::CPPTYPE_STRING:
            return reflection->GetRepeatedString(message, &field, index);
        case FieldDescriptor::CPPTYPE_FLOAT:
            return reflection->GetRepeatedFloat(message, &field, index);
        case FieldDescriptor::CPPTYPE_DOUBLE:
            return reflection->GetRepeatedDouble(message, &field, index);
        case FieldDescriptor::CPPTYPE_MESSAGE:
            break;
    }
    return nullptr;
}

Status scalarFromJson(const json& value, Message& message, const FieldDescriptor& field) {
    const auto* reflection = message.GetReflection();
    // One line per type: how it is read, set and appended.
#define CHANCERY_SCALAR(Type, read)                                               \
    return store(                                                                 \
        field, read, [&](auto v) { reflection->Set##Type(&message, &field, v); }, \
        [&](auto v) { reflection->Add##Type(&message, &field, v); })
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
            CHANCERY_SCALAR(Int32, integerFrom<std::int32_t>(value));
        case FieldDescriptor::CPPTYPE_UINT32:
            CHANCERY_SCALAR(UInt32, integerFrom<std::uint32_t>(value));
        case FieldDescriptor::CPPTYPE_INT64:
            CHANCERY_SCALAR(Int64, integerFrom<std::int64_t>(value));
        case FieldDescriptor::CPPTYPE_UINT64:
            CHANCERY_SCALAR(UInt64, integerFrom<std::uint64_t>(value));
        case FieldDescriptor::CPPTYPE_ENUM:
            CHANCERY_SCALAR(EnumValue, enumFrom(value, field));
        case FieldDescriptor::CPPTYPE_BOOL:
            if (!value.is_boolean()) return badScalar("true or false was expected");
            CHANCERY_SCALAR(Bool, Result<bool>(value.get<bool>()));
        case FieldDescriptor::CPPTYPE_STRING:
            if (field.type() == FieldDescriptor::TYPE_BYTES)
                CHANCERY_SCALAR(String, bytesFrom(value));
            if (!value.is_string()) return badScalar("text was expected");
            CHANCERY_SCALAR(String, Result<std::string>(value.get<std::string>()));
        case FieldDescriptor::CPPTYPE_FLOAT:
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_MESSAGE:
            break;
    }
#undef CHANCERY_SCALAR
    return badScalar("fields of that type have no JSON form here");
}

}  // namespace chancery::channel
