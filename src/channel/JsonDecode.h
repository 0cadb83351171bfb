#pragma once

#include <nlohmann/json.hpp>

#include "src/channel/ConfigJson.h"
#include "src/channel/Expansion.h"

namespace chancery::channel {

/// Turns the JSON form back into a message; one object per conversion.
class JsonDecoder {
public:
    explicit JsonDecoder(const JsonOptions& options) : m_options(options) {}

    Status decode(const nlohmann::json& value, google::protobuf::Message& message);

private:
    using Json = nlohmann::json;
    using Message = google::protobuf::Message;
    using Field = google::protobuf::FieldDescriptor;

    Status decodeMessage(const Json& value, Message& message, const ExpansionContext& context,
                         bool plain);
    Status decodeField(const Json& value, Message& message, const Field& field,
                       const ExpansionContext& context, bool plain);
    Status decodeSingle(const Json& value, Message& message, const Field& field,
                        const ExpansionContext& context, bool plain);
    Status decodeMap(const Json& value, Message& message, const Field& field,
                     const ExpansionContext& context, bool plain);
    Status decodeBytes(const Json& value, Message& message, const Field& field,
                       const ExpansionContext& context, bool plain);
    Status decodeTimestamp(const Json& value, Message& message);
    Status fail(std::string_view reason, std::string_view sentence) const;

    JsonOptions m_options;
    std::vector<std::string> m_path;
};

}  // namespace chancery::channel
