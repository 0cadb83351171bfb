#pragma once

#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/channel/Elements.h"

namespace google::protobuf {
class Message;
}

namespace chancery::channel {

/// The JSON form of ledger messages that Fabric's configtxlator and configtxgen write and read:
/// names in snake_case, 64-bit numbers as text, enums by name, bytes as base64, and bytes that hold
/// a message (headers, values of the configuration, policies, principals …) expanded.
struct JsonOptions {
    /// How an empty bytes field is written: v2.5's tools write null, those of v3 write "".
    enum class EmptyBytes { Null, EmptyText };
    EmptyBytes emptyBytes = EmptyBytes::Null;
    /// What a ConfigGroup that is not inside a Config is; configtxgen prints organisations as
    /// ApplicationOrg. With Unknown its values stay base64.
    GroupKind groupKind = GroupKind::Unknown;
    /// Fields that this program does not know have no place in JSON: refused unless they may be
    /// dropped, as Fabric's tools do.
    bool dropUnknownFields = false;
};

/// Text as the tools print it. INVALID_ARGUMENT with argument `path`: NOT_DECODABLE (bytes that do
/// not hold what they should), UNKNOWN_CONTENT (a value or group that Fabric does not have there),
/// UNKNOWN_FIELD.
Result<std::string> toJson(const google::protobuf::Message& message, const JsonOptions& = {});

/// Reads that text; nested messages are encoded with map keys in order. INVALID_ARGUMENT: BAD_JSON
/// with `line` and `column`; with `path`: DUPLICATE_KEY, UNKNOWN_FIELD, BAD_JSON_VALUE,
/// UNKNOWN_CONTENT. RESOURCE_EXHAUSTED: JSON_TOO_LARGE, JSON_TOO_DEEP. On an error the message is
/// left cleared.
Status fromJson(std::string_view json, google::protobuf::Message& message, const JsonOptions& = {});

/// The same for bytes whose message is named as configtxlator names it ("common.Config",
/// "common.ConfigUpdate" …). NOT_FOUND (UNKNOWN_MESSAGE); MALFORMED_PROTOBUF.
Result<std::string> protoToJson(std::string_view messageName, BytesView bytes,
                                const JsonOptions& = {});
Result<Bytes> jsonToProto(std::string_view messageName, std::string_view json,
                          const JsonOptions& = {});

}  // namespace chancery::channel
