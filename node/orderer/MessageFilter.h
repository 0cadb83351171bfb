#pragma once

#include <string>
#include <string_view>

#include "src/base/Clock.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Envelope.h"

namespace chancery::node {

/// An envelope with its headers, as Broadcast needs it. Views into the envelope.
struct BroadcastMessage {
    protocol::Envelope envelope;
    protocol::ChannelHeader header;
    BytesView creator;  ///< SerializedIdentity

    /// What counts for the limits of a channel.
    std::size_t size() const { return envelope.payload.size() + envelope.signature.size(); }
};

/// INVALID_ARGUMENT: MALFORMED_PROTOBUF, NO_HEADER.
Result<BroadcastMessage> decodeBroadcastMessage(BytesView envelope);

/// How a message has to be handled.
enum class MessageClass {
    Normal,
    ConfigUpdate,
    NotDirect,  ///< CONFIG and ORDERER_TRANSACTION are made by orderers
};
MessageClass classify(const protocol::ChannelHeader& header);

/// Whether normal transactions are taken: not in maintenance mode. UNAVAILABLE (MAINTENANCE_MODE).
Status checkMode(const channel::Bundle& bundle);

/// The filters of a channel in Fabric's order (fact sheet A §6.2): EMPTY, TOO_LARGE,
/// CERTIFICATE_EXPIRED (all INVALID_ARGUMENT), then the signature and the Writers policy:
/// PERMISSION_DENIED. Any thread.
Status checkMessage(const channel::Bundle& bundle, const BroadcastMessage& message,
                    const Clock& clock);

/// Envelope bytes as Go would write them: those given, or new ones. What stands in a block must be
/// in this form.
Bytes canonicalEnvelope(BytesView bytes, const protocol::Envelope& envelope);

/// A BroadcastResponse.
struct BroadcastAnswer {
    int status = 200;  ///< common.Status
    std::string info;

    bool isSuccess() const { return status == 200; }
};

/// What a client hears of an error: PERMISSION_DENIED is FORBIDDEN, UNAVAILABLE and
/// RESOURCE_EXHAUSTED (a full disk) are SERVICE_UNAVAILABLE, NOT_FOUND and all else BAD_REQUEST, as
/// Fabric 2.5 has it; DATA_LOSS and INTERNAL are SERVICE_UNAVAILABLE, for another node may take it.
BroadcastAnswer answerOf(const Status& status);
/// "SUCCESS", "BAD_REQUEST", …; the number for others.
std::string nameOfStatus(int status);

}  // namespace chancery::node
