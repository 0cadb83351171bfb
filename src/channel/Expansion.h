#pragma once

#include <string>

#include "src/channel/Elements.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace chancery::channel {

/// Where a message stands while its JSON form is made.
struct ExpansionContext {
    GroupKind group = GroupKind::Unknown;  ///< of a ConfigGroup or of a value's group
    std::string valueKey;                  ///< of a ConfigValue
};

/// What a bytes field holds.
struct Expansion {
    enum class Kind {
        Bytes,    ///< just bytes; base64 in JSON
        Message,  ///< a message of the type of `prototype`; expanded in JSON
        Unknown,  ///< would be expanded, but nothing says as what
    };
    Kind kind = Kind::Bytes;
    const google::protobuf::Message* prototype = nullptr;
};

/// What the field of this message holds, by the rules of configtxlator's JSON form. It may depend
/// on the other fields of the message (a policy's type), which must be set already.
Expansion expansionOf(const google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor& field,
                      const ExpansionContext& context);

/// Whether expansionOf looks at other fields of the message.
bool dependsOnSiblings(const google::protobuf::FieldDescriptor& field);

/// The context for a sub-message of a field (of a map: under `key`).
ExpansionContext childContext(const google::protobuf::FieldDescriptor& field,
                              const std::string& key, const ExpansionContext& context);

}  // namespace chancery::channel
