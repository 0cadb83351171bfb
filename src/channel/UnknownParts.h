#pragma once

#include "src/base/Bytes.h"

namespace google::protobuf {
class Message;
}

namespace chancery::channel {

/// All fields of a message and the messages in it that have no name here, encoded one behind the
/// other; empty when there are none. Two messages with the same known content differ exactly by it.
Bytes unknownParts(const google::protobuf::Message& message);

}  // namespace chancery::channel
