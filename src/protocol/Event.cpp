#include "src/protocol/Event.h"

#include <fabric/peer/chaincode_event.pb.h>

#include "src/protocol/FieldReader.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {

Result<ChaincodeEvent> decodeChaincodeEvent(BytesView bytes) {
    FieldReader reader(bytes, "event");
    ChaincodeEvent out;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.chaincodeId, "chaincode_id");
            case lengthField(2):
                return reader.text(field, out.txId, "tx_id");
            case lengthField(3):
                return reader.text(field, out.name, "event_name");
            case lengthField(4):
                return reader.bytes(field, out.payload);
        }
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Bytes encodeChaincodeEvent(const ChaincodeEvent& event) {
    ::protos::ChaincodeEvent message;
    message.set_chaincode_id(std::string(event.chaincodeId));
    message.set_tx_id(std::string(event.txId));
    message.set_event_name(std::string(event.name));
    message.set_payload(std::string(event.payload));
    return wire::serialize(message);
}

}  // namespace chancery::protocol
