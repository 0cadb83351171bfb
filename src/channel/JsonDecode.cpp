#include "src/channel/JsonDecode.h"

#include "fabric/common/configtx.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "src/base/Encoding.h"
#include "src/channel/JsonPath.h"
#include "src/channel/JsonScalar.h"
#include "src/wire/Serialize.h"

namespace chancery::channel {
namespace {

const google::protobuf::FieldDescriptor* fieldNamed(const google::protobuf::Descriptor& descriptor,
                                                    const std::string& name) {
    const auto* field = descriptor.FindFieldByName(name);
    return field != nullptr ? field : descriptor.FindFieldByCamelcaseName(name);
}

}  // namespace

Status JsonDecoder::fail(std::string_view reason, std::string_view sentence) const {
    const std::string path = jsonPath(m_path);
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{}: {}", path, sentence),
                     {{"path", path}});
}

Status JsonDecoder::decode(const Json& value, Message& message) {
    ExpansionContext context;
    if (message.GetDescriptor() == ::common::ConfigGroup::descriptor())
        context.group = m_options.groupKind;
    return decodeMessage(value, message, context, false);
}

Status JsonDecoder::decodeMessage(const Json& value, Message& message,
                                  const ExpansionContext& context, bool plain) {
    if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor())
        return decodeTimestamp(value, message);
    if (!value.is_object()) return fail("BAD_JSON_VALUE", "an object was expected");
    std::vector<std::pair<const Field*, const Json*>> later;
    std::set<const Field*> seen;
    const auto& members = value.get_ref<const Json::object_t&>();
    for (const auto& [name, member] : members) {
        const PathStep step(m_path, "." + printable(name, 256));
        const Field* field = fieldNamed(*message.GetDescriptor(), name);
        if (field == nullptr)
            return fail("UNKNOWN_FIELD", fmt::format("{} has no field of that name",
                                                     message.GetDescriptor()->full_name()));
        if (!seen.insert(field).second) return fail("DUPLICATE_KEY", "the field stands here twice");
        // What such a field holds is known when the others are set.
        if (!plain && dependsOnSiblings(*field)) {
            later.emplace_back(field, &member);
            continue;
        }
        RETURN_IF_ERROR(decodeField(member, message, *field, context, plain));
    }
    for (const auto& [field, member] : later) {
        const PathStep step(m_path, "." + field->name());
        RETURN_IF_ERROR(decodeField(*member, message, *field, context, plain));
    }
    return absl::OkStatus();
}

Status JsonDecoder::decodeField(const Json& value, Message& message, const Field& field,
                                const ExpansionContext& context, bool plain) {
    if (value.is_null()) return absl::OkStatus();
    if (field.is_map()) return decodeMap(value, message, field, context, plain);
    if (const auto* oneof = field.real_containing_oneof()) {
        if (message.GetReflection()->HasOneof(message, oneof))
            return fail("BAD_JSON_VALUE",
                        fmt::format("only one field of {} may be set", oneof->name()));
        plain = true;
    }
    if (!field.is_repeated()) return decodeSingle(value, message, field, context, plain);
    if (!value.is_array()) return fail("BAD_JSON_VALUE", "a list was expected");
    for (std::size_t i = 0; i < value.size(); ++i) {
        const PathStep step(m_path, fmt::format("[{}]", i));
        RETURN_IF_ERROR(decodeSingle(value[i], message, field, context, plain));
    }
    return absl::OkStatus();
}

Status JsonDecoder::decodeSingle(const Json& value, Message& message, const Field& field,
                                 const ExpansionContext& context, bool plain) {
    const auto* reflection = message.GetReflection();
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
        Message* child = field.is_repeated() ? reflection->AddMessage(&message, &field)
                                             : reflection->MutableMessage(&message, &field);
        return decodeMessage(value, *child, childContext(field, {}, context), plain);
    }
    if (field.type() == Field::TYPE_BYTES)
        return decodeBytes(value, message, field, context, plain);
    const Status status = scalarFromJson(value, message, field);
    return status.ok() ? status : fail("BAD_JSON_VALUE", messageOf(status));
}

Status JsonDecoder::decodeMap(const Json& value, Message& message, const Field& field,
                              const ExpansionContext& context, bool plain) {
    if (!value.is_object()) return fail("BAD_JSON_VALUE", "an object was expected");
    const Field& keyField = *field.message_type()->map_key();
    const Field& valueField = *field.message_type()->map_value();
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
        const PathStep step(m_path, "." + printable(key, 256));
        Message* entry = message.GetReflection()->AddMessage(&message, &field);
        RETURN_IF_ERROR(scalarFromJson(Json(key), *entry, keyField));
        if (valueField.cpp_type() == Field::CPPTYPE_MESSAGE) {
            RETURN_IF_ERROR(
                decodeMessage(member, *entry->GetReflection()->MutableMessage(entry, &valueField),
                              childContext(field, key, context), plain));
        } else if (const Status status = scalarFromJson(member, *entry, valueField); !status.ok()) {
            return fail("BAD_JSON_VALUE", messageOf(status));
        }
    }
    return absl::OkStatus();
}

Status JsonDecoder::decodeBytes(const Json& value, Message& message, const Field& field,
                                const ExpansionContext& context, bool plain) {
    const Expansion expansion = plain ? Expansion{} : expansionOf(message, field, context);
    if (expansion.kind == Expansion::Kind::Unknown)
        return fail("UNKNOWN_CONTENT", "nothing says which message these bytes hold");
    if (expansion.kind == Expansion::Kind::Bytes) {
        const Status status = scalarFromJson(value, message, field);
        return status.ok() ? status : fail("BAD_JSON_VALUE", messageOf(status));
    }
    const std::unique_ptr<Message> nested(expansion.prototype->New());
    RETURN_IF_ERROR(decodeMessage(value, *nested, {}, false));
    const auto* reflection = message.GetReflection();
    if (field.is_repeated())
        reflection->AddString(&message, &field, wire::serialize(*nested));
    else
        reflection->SetString(&message, &field, wire::serialize(*nested));
    return absl::OkStatus();
}

Status JsonDecoder::decodeTimestamp(const Json& value, Message& message) {
    if (value.is_string() && google::protobuf::util::TimeUtil::FromString(
                                 value.get_ref<const std::string&>(),
                                 &static_cast<google::protobuf::Timestamp&>(message)))
        return absl::OkStatus();
    return fail("BAD_JSON_VALUE", "a time such as 2024-05-01T12:00:00Z was expected");
}

}  // namespace chancery::channel
