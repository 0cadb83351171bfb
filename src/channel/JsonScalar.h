#pragma once

#include <nlohmann/json.hpp>

#include "src/base/Status.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace chancery::channel {

/// A number, truth value, text or enum as protobuf's JSON mapping writes it: 64-bit numbers as
/// text, enums by name (a number when the name is not known).
nlohmann::json scalarToJson(const google::protobuf::Message& message,
                            const google::protobuf::FieldDescriptor& field);
nlohmann::json repeatedScalarToJson(const google::protobuf::Message& message,
                                    const google::protobuf::FieldDescriptor& field, int index);

/// Sets, or with a repeated field appends, a scalar. The error is a plain sentence without a path.
Status scalarFromJson(const nlohmann::json& value, google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor& field);

}  // namespace chancery::channel
