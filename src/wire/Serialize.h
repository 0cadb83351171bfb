#pragma once

#include <google/protobuf/message.h>

#include "src/base/Bytes.h"
#include "src/wire/MessagePlan.h"

namespace chancery::wire {

/// The message's encoding: fields by number, defaults left out, maps sorted by key. Equal messages
/// give equal bytes, and without maps they are the bytes Go writes. For messages made here: what
/// was received is kept, never encoded again. Strings must be UTF-8 (see isUtf8), or no Go program
/// will read the result. Up to 2 GiB; any thread.
Bytes serialize(const google::protobuf::Message& message);

/// Whether decoding and encoding in Go would give back exactly these bytes. That is how peers and
/// orderers test the envelopes of a block, since the data hash runs over them without lengths
/// between them. Known fields must stand in order, once, with shortest numbers and without
/// defaults; unknown fields may follow, of which Go keeps the bytes behind the tag. Malformed bytes
/// are not identical. Go writes maps in any order; here sorted is the one that passes. Allocates
/// nothing. Any thread.
bool reencodesIdentically(const MessagePlan& plan, BytesView bytes);

template <class M>
bool reencodesIdentically(BytesView bytes) {
    static const MessagePlan& plan = planFor(*M::descriptor());
    return reencodesIdentically(plan, bytes);
}

}  // namespace chancery::wire
