#include "src/channel/JsonEncode.h"

#include "fabric/common/configtx.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "src/base/Encoding.h"
#include "src/channel/JsonPath.h"
#include "src/channel/JsonScalar.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

constexpr std::size_t kMaxDepth = 400;

}  // namespace

Status JsonEncoder::fail(std::string_view reason, std::string_view sentence) const {
    const std::string path = jsonPath(m_path);
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{}: {}", path, sentence),
                     {{"path", path}});
}

Result<nlohmann::json> JsonEncoder::encode(const Message& message) {
    ExpansionContext context;
    if (message.GetDescriptor() == ::common::ConfigGroup::descriptor())
        context.group = m_options.groupKind;
    return encodeMessage(message, context, false);
}

Result<nlohmann::json> JsonEncoder::encodeMessage(const Message& message,
                                                  const ExpansionContext& context, bool plain) {
    if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor())
        return Json(google::protobuf::util::TimeUtil::ToString(
            static_cast<const google::protobuf::Timestamp&>(message)));
    if (++m_depth > kMaxDepth)
        return makeError(StatusCode::kResourceExhausted, "JSON_TOO_DEEP",
                         fmt::format("the message is deeper than {} levels", kMaxDepth));
    const auto* reflection = message.GetReflection();
    if (!m_options.dropUnknownFields && !reflection->GetUnknownFields(message).empty())
        return fail("UNKNOWN_FIELD", "the message has a field that has no name here");
    RETURN_IF_ERROR(checkGroups(message, context));
    const auto* descriptor = message.GetDescriptor();
    Json object = Json::object();
    for (int i = 0; i < descriptor->field_count(); ++i) {
        const Field& field = *descriptor->field(i);
        const bool inOneof = field.real_containing_oneof() != nullptr;
        if (inOneof && !reflection->HasField(message, &field)) continue;
        const PathStep step(m_path, "." + field.name());
        ASSIGN_OR_RETURN(object[field.name()],
                         encodeField(message, field, context, plain || inOneof));
    }
    --m_depth;
    return object;
}

// A group that Fabric does not have in that place has values of unknown meaning.
Status JsonEncoder::checkGroups(const Message& message, const ExpansionContext& context) {
    if (message.GetDescriptor() != ::common::ConfigGroup::descriptor() ||
        context.group == GroupKind::Unknown)
        return absl::OkStatus();
    const auto& group = static_cast<const ::common::ConfigGroup&>(message);
    for (const auto& [name, child] : group.groups())
        if (childKind(context.group, name) == GroupKind::Unknown)
            return fail("UNKNOWN_CONTENT",
                        fmt::format("no group {} is known here", printable(name, 256)));
    return absl::OkStatus();
}

Result<nlohmann::json> JsonEncoder::encodeField(const Message& message, const Field& field,
                                                const ExpansionContext& context, bool plain) {
    if (field.is_map()) return encodeMap(message, field, context, plain);
    if (field.is_repeated()) return encodeList(message, field, context, plain);
    const auto* reflection = message.GetReflection();
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
        if (!reflection->HasField(message, &field)) return Json(nullptr);
        return encodeMessage(reflection->GetMessage(message, &field),
                             childContext(field, {}, context), plain);
    }
    if (field.type() == Field::TYPE_BYTES) {
        std::string scratch;
        const std::string& bytes = reflection->GetStringReference(message, &field, &scratch);
        if (!bytes.empty()) return encodeBytes(message, field, bytes, context, plain);
        const bool expanded =
            !plain && expansionOf(message, field, context).kind != Expansion::Kind::Bytes;
        if (expanded || m_options.emptyBytes == JsonOptions::EmptyBytes::Null) return Json(nullptr);
        return Json("");
    }
    return scalarToJson(message, field);
}

Result<nlohmann::json> JsonEncoder::encodeMap(const Message& message, const Field& field,
                                              const ExpansionContext& context, bool plain) {
    const auto* reflection = message.GetReflection();
    const Field& keyField = *field.message_type()->map_key();
    const Field& valueField = *field.message_type()->map_value();
    Json object = Json::object();
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
        const Message& entry = reflection->GetRepeatedMessage(message, &field, i);
        const Json keyJson = scalarToJson(entry, keyField);
        const std::string key = keyJson.is_string() ? keyJson.get<std::string>() : keyJson.dump();
        const PathStep step(m_path, "." + printable(key, 256));
        if (valueField.cpp_type() == Field::CPPTYPE_MESSAGE) {
            ASSIGN_OR_RETURN(object[key],
                             encodeMessage(entry.GetReflection()->GetMessage(entry, &valueField),
                                           childContext(field, key, context), plain));
        } else if (valueField.type() == Field::TYPE_BYTES) {
            object[key] = toBase64(entry.GetReflection()->GetString(entry, &valueField));
        } else {
            object[key] = scalarToJson(entry, valueField);
        }
    }
    return object;
}

Result<nlohmann::json> JsonEncoder::encodeList(const Message& message, const Field& field,
                                               const ExpansionContext& context, bool plain) {
    const auto* reflection = message.GetReflection();
    Json list = Json::array();
    const int size = reflection->FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
        const PathStep step(m_path, fmt::format("[{}]", i));
        if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
            ASSIGN_OR_RETURN(Json element,
                             encodeMessage(reflection->GetRepeatedMessage(message, &field, i),
                                           childContext(field, {}, context), plain));
            list.push_back(std::move(element));
        } else if (field.type() == Field::TYPE_BYTES) {
            std::string scratch;
            ASSIGN_OR_RETURN(Json element, encodeBytes(message, field,
                                                       reflection->GetRepeatedStringReference(
                                                           message, &field, i, &scratch),
                                                       context, plain));
            list.push_back(std::move(element));
        } else {
            list.push_back(repeatedScalarToJson(message, field, i));
        }
    }
    return list;
}

Result<nlohmann::json> JsonEncoder::encodeBytes(const Message& message, const Field& field,
                                                const std::string& bytes,
                                                const ExpansionContext& context, bool plain) {
    const Expansion expansion = plain ? Expansion{} : expansionOf(message, field, context);
    if (expansion.kind == Expansion::Kind::Bytes) return Json(toBase64(bytes));
    if (expansion.kind == Expansion::Kind::Unknown)
        return fail("UNKNOWN_CONTENT", "nothing says which message these bytes hold");
    const std::unique_ptr<Message> nested(expansion.prototype->New());
    if (const Status parsed = wire::parseInto(*nested, bytes, field.name()); !parsed.ok())
        return fail("NOT_DECODABLE", fmt::format("the bytes are no {}: {}",
                                                 expansion.prototype->GetDescriptor()->full_name(),
                                                 messageOf(parsed)));
    return encodeMessage(*nested, {}, false);
}

}  // namespace chancery::channel
