#include "src/protocol/Envelope.h"

#include <fabric/common/common.pb.h>
#include <fabric/msp/identities.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fmt/format.h>

#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

bool readChannelHeader(FieldReader& reader, BytesView bytes, ChannelHeader& out) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
                out.type = static_cast<HeaderType>(static_cast<std::int32_t>(field.integer()));
                break;
            case integerField(2):
                out.version = static_cast<std::int32_t>(field.integer());
                break;
            case lengthField(3):
                if (!out.timestamp) out.timestamp.emplace();
                return reader.inside("timestamp", [&] {
                    return readTimestamp(reader, field.view(), *out.timestamp);
                });
            case lengthField(4):
                return reader.text(field, out.channelId, "channel_id");
            case lengthField(5):
                return reader.text(field, out.txId, "tx_id");
            case integerField(6):
                out.epoch = field.integer();
                break;
            case lengthField(7):
                return reader.bytes(field, out.extension);
            case lengthField(8):
                return reader.bytes(field, out.tlsCertHash);
        }
        return true;
    });
}

/// For messages of two fields of bytes.
bool readPair(FieldReader& reader, BytesView bytes, BytesView& first, BytesView& second) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) first = field.view();
        if (keyOf(field) == lengthField(2)) second = field.view();
        return true;
    });
}

bool readPayload(FieldReader& reader, BytesView bytes, Payload& out) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) {
            out.hasHeader = true;
            return reader.inside("header", [&] {
                return readPair(reader, field.view(), out.channelHeader, out.signatureHeader);
            });
        }
        if (keyOf(field) == lengthField(2)) out.data = field.view();
        return true;
    });
}

}  // namespace

bool readTimestamp(FieldReader& reader, BytesView bytes, Timestamp& out) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
                out.seconds = static_cast<std::int64_t>(field.integer());
                break;
            case integerField(2):
                out.nanos = static_cast<std::int32_t>(field.integer());
                break;
        }
        return true;
    });
}

bool readChaincodeId(FieldReader& reader, BytesView bytes, ChaincodeId& out) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.path, "path");
            case lengthField(2):
                return reader.text(field, out.name, "name");
            case lengthField(3):
                return reader.text(field, out.version, "version");
        }
        return true;
    });
}

std::string nameOf(HeaderType type) {
    switch (type) {
        case HeaderType::Message:
            return "MESSAGE";
        case HeaderType::Config:
            return "CONFIG";
        case HeaderType::ConfigUpdate:
            return "CONFIG_UPDATE";
        case HeaderType::EndorserTransaction:
            return "ENDORSER_TRANSACTION";
        case HeaderType::OrdererTransaction:
            return "ORDERER_TRANSACTION";
        case HeaderType::DeliverSeekInfo:
            return "DELIVER_SEEK_INFO";
        case HeaderType::ChaincodePackage:
            return "CHAINCODE_PACKAGE";
    }
    return fmt::to_string(static_cast<std::int32_t>(type));
}

absl::Time Timestamp::time() const {
    return absl::FromUnixSeconds(seconds) + absl::Nanoseconds(nanos);
}

Timestamp Timestamp::fromTime(absl::Time time) {
    const std::int64_t seconds = absl::ToUnixSeconds(time);
    const auto nanos = absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds));
    return {seconds, static_cast<std::int32_t>(nanos)};
}

Result<Envelope> decodeEnvelope(BytesView bytes) {
    FieldReader reader(bytes, "envelope");
    Envelope out;
    if (!readPair(reader, bytes, out.payload, out.signature)) return reader.status();
    return out;
}

Result<Payload> decodePayload(BytesView bytes) {
    FieldReader reader(bytes, "payload");
    Payload out;
    if (!readPayload(reader, bytes, out)) return reader.status();
    return out;
}

Result<ChannelHeader> decodeChannelHeader(BytesView bytes) {
    FieldReader reader(bytes, "channel_header");
    ChannelHeader out;
    if (!readChannelHeader(reader, bytes, out)) return reader.status();
    return out;
}

Result<SignatureHeader> decodeSignatureHeader(BytesView bytes) {
    FieldReader reader(bytes, "signature_header");
    SignatureHeader out;
    if (!readPair(reader, bytes, out.creator, out.nonce)) return reader.status();
    return out;
}

Result<SerializedIdentity> decodeSerializedIdentity(BytesView bytes) {
    FieldReader reader(bytes, "identity");
    SerializedIdentity out;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) return reader.text(field, out.mspId, "mspid");
        if (keyOf(field) == lengthField(2)) out.idBytes = field.view();
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Result<IdentifierHeader> decodeIdentifierHeader(BytesView bytes) {
    FieldReader reader(bytes, "identifier_header");
    IdentifierHeader out;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) == integerField(1))
            out.identifier = static_cast<std::uint32_t>(field.integer());
        if (keyOf(field) == lengthField(2)) out.nonce = field.view();
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Result<std::optional<ChaincodeId>> decodeHeaderExtension(BytesView bytes) {
    FieldReader reader(bytes, "extension");
    std::optional<ChaincodeId> out;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) != lengthField(2)) return true;
        if (!out) out.emplace();
        return reader.inside("chaincode_id",
                             [&] { return readChaincodeId(reader, field.view(), *out); });
    });
    if (!read) return reader.status();
    return out;
}

Bytes encodeChannelHeader(const ChannelHeader& header) {
    ::common::ChannelHeader message;
    message.set_type(static_cast<std::int32_t>(header.type));
    message.set_version(header.version);
    if (header.timestamp) {
        message.mutable_timestamp()->set_seconds(header.timestamp->seconds);
        message.mutable_timestamp()->set_nanos(header.timestamp->nanos);
    }
    message.set_channel_id(std::string(header.channelId));
    message.set_tx_id(std::string(header.txId));
    message.set_epoch(header.epoch);
    message.set_extension(std::string(header.extension));
    message.set_tls_cert_hash(std::string(header.tlsCertHash));
    return wire::serialize(message);
}

Bytes encodeSignatureHeader(const SignatureHeader& header) {
    ::common::SignatureHeader message;
    message.set_creator(std::string(header.creator));
    message.set_nonce(std::string(header.nonce));
    return wire::serialize(message);
}

Bytes encodeSerializedIdentity(const SerializedIdentity& identity) {
    ::msp::SerializedIdentity message;
    message.set_mspid(std::string(identity.mspId));
    message.set_id_bytes(std::string(identity.idBytes));
    return wire::serialize(message);
}

Bytes encodeHeaderExtension(std::string_view chaincodeName) {
    ::protos::ChaincodeHeaderExtension message;
    message.mutable_chaincode_id()->set_name(std::string(chaincodeName));
    return wire::serialize(message);
}

Bytes encodePayload(BytesView channelHeader, BytesView signatureHeader, BytesView data) {
    ::common::Payload message;
    message.mutable_header()->set_channel_header(std::string(channelHeader));
    message.mutable_header()->set_signature_header(std::string(signatureHeader));
    message.set_data(std::string(data));
    return wire::serialize(message);
}

Bytes encodeEnvelope(BytesView payload, BytesView signature) {
    ::common::Envelope message;
    message.set_payload(std::string(payload));
    message.set_signature(std::string(signature));
    return wire::serialize(message);
}

Bytes configSignatureMessage(BytesView signatureHeader, BytesView configUpdate) {
    Bytes out;
    out.reserve(signatureHeader.size() + configUpdate.size());
    return out.append(signatureHeader).append(configUpdate);
}

}  // namespace chancery::protocol
