#pragma once

#include <nlohmann/json.hpp>

#include "src/channel/ConfigJson.h"
#include "src/channel/Expansion.h"

namespace chancery::channel {

/// Turns a message into the JSON form; one object per conversion.
class JsonEncoder {
public:
    explicit JsonEncoder(const JsonOptions& options) : m_options(options) {}

    Result<nlohmann::json> encode(const google::protobuf::Message& message);

private:
    using Json = nlohmann::json;
    using Message = google::protobuf::Message;
    using Field = google::protobuf::FieldDescriptor;

    // `plain` is set below a oneof, where the tools leave bytes alone.
    Result<Json> encodeMessage(const Message& message, const ExpansionContext& context, bool plain);
    Result<Json> encodeField(const Message& message, const Field& field,
                             const ExpansionContext& context, bool plain);
    Result<Json> encodeMap(const Message& message, const Field& field,
                           const ExpansionContext& context, bool plain);
    Result<Json> encodeList(const Message& message, const Field& field,
                            const ExpansionContext& context, bool plain);
    Result<Json> encodeBytes(const Message& message, const Field& field, const std::string& bytes,
                             const ExpansionContext& context, bool plain);
    Status checkGroups(const Message& message, const ExpansionContext& context);
    Status fail(std::string_view reason, std::string_view sentence) const;

    JsonOptions m_options;
    std::vector<std::string> m_path;
    std::size_t m_depth = 0;
};

}  // namespace chancery::channel
