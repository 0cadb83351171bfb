#include "src/channel/UnknownParts.h"

#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace chancery::channel {

Bytes unknownParts(const google::protobuf::Message& message) {
    using google::protobuf::FieldDescriptor;
    const auto* reflection = message.GetReflection();
    Bytes parts;
    reflection->GetUnknownFields(message).SerializeToString(&parts);
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
        if (!field->is_repeated()) {
            parts += unknownParts(reflection->GetMessage(message, field));
            continue;
        }
        // Entries of a map come in no order; what is unknown in them counts sorted.
        std::vector<Bytes> elements;
        for (int i = 0; i < reflection->FieldSize(message, field); ++i)
            elements.push_back(unknownParts(reflection->GetRepeatedMessage(message, field, i)));
        if (field->is_map()) std::sort(elements.begin(), elements.end());
        for (const Bytes& element : elements) parts += element;
    }
    return parts;
}

}  // namespace chancery::channel
