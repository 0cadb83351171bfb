#include "src/channel/ConfigJson.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/channel/JsonDecode.h"
#include "src/channel/JsonEncode.h"
#include "src/channel/JsonText.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::channel {
namespace {

using google::protobuf::Message;

Result<std::unique_ptr<Message>> messageNamed(std::string_view name) {
    // Keeps the generated descriptors of the configuration in the program.
    (void)valueMessage(GroupKind::Channel, {});
    const auto* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
            std::string(name));
    if (descriptor == nullptr)
        return makeError(StatusCode::kNotFound, "UNKNOWN_MESSAGE",
                         fmt::format("there is no message called {}", name.substr(0, 256)),
                         {{"name", std::string(name.substr(0, 256))}});
    return std::unique_ptr<Message>(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

}  // namespace

Result<std::string> toJson(const Message& message, const JsonOptions& options) {
    ASSIGN_OR_RETURN(const nlohmann::json value, JsonEncoder(options).encode(message));
    return writeJson(value);
}

Status fromJson(std::string_view json, Message& message, const JsonOptions& options) {
    message.Clear();
    ASSIGN_OR_RETURN(const nlohmann::json value, readJson(json));
    const Status status = JsonDecoder(options).decode(value, message);
    if (!status.ok()) message.Clear();
    return status;
}

Result<std::string> protoToJson(std::string_view messageName, BytesView bytes,
                                const JsonOptions& options) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> message, messageNamed(messageName));
    RETURN_IF_ERROR(wire::parseInto(*message, bytes, messageName));
    return toJson(*message, options);
}

Result<Bytes> jsonToProto(std::string_view messageName, std::string_view json,
                          const JsonOptions& options) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> message, messageNamed(messageName));
    RETURN_IF_ERROR(fromJson(json, *message, options));
    return wire::serialize(*message);
}

}  // namespace chancery::channel
