#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::protocol {

/// What the data of an envelope is (common.HeaderType). Other numbers occur in ledgers too.
enum class HeaderType : std::int32_t {
    Message = 0,
    Config = 1,
    ConfigUpdate = 2,
    EndorserTransaction = 3,
    OrdererTransaction = 4,
    DeliverSeekInfo = 5,
    ChaincodePackage = 6,
};

/// Fabric's name ("ENDORSER_TRANSACTION"); the decimal number for others.
std::string nameOf(HeaderType type);

/// google.protobuf.Timestamp as it stands in the bytes; may be out of range.
struct Timestamp {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;

    absl::Time time() const;
    static Timestamp fromTime(absl::Time time);
    friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

// The structs below are views: they are valid as long as the bytes that they were decoded from.

struct ChaincodeId {
    std::string_view path, name, version;
};

struct ChannelHeader {
    HeaderType type = HeaderType::Message;
    std::int32_t version = 0;
    std::optional<Timestamp> timestamp;
    std::string_view channelId;
    std::string_view txId;
    std::uint64_t epoch = 0;
    BytesView extension;  ///< ChaincodeHeaderExtension of endorser transactions
    BytesView tlsCertHash;
};

struct SignatureHeader {
    BytesView creator;  ///< SerializedIdentity
    BytesView nonce;
};

struct SerializedIdentity {
    std::string_view mspId;
    BytesView idBytes;  ///< the certificate as PEM
};

struct IdentifierHeader {
    std::uint32_t identifier = 0;  ///< consenter id (BFT)
    BytesView nonce;
};

/// Signed bytes with who is said to have signed them.
struct Envelope {
    BytesView payload;
    BytesView signature;
};

/// The two headers as bytes: they are hashed and must not be written anew.
struct Payload {
    bool hasHeader = false;
    BytesView channelHeader;
    BytesView signatureHeader;
    BytesView data;
};

// Each decoder is total. INVALID_ARGUMENT (MALFORMED_PROTOBUF) with arguments `path` and `offset`
// (bytes from the start of the given message).
Result<Envelope> decodeEnvelope(BytesView bytes);
template <Temporary T>
Result<Envelope> decodeEnvelope(T&&) = delete;
Result<Payload> decodePayload(BytesView bytes);
template <Temporary T>
Result<Payload> decodePayload(T&&) = delete;
Result<ChannelHeader> decodeChannelHeader(BytesView bytes);
template <Temporary T>
Result<ChannelHeader> decodeChannelHeader(T&&) = delete;
Result<SignatureHeader> decodeSignatureHeader(BytesView bytes);
template <Temporary T>
Result<SignatureHeader> decodeSignatureHeader(T&&) = delete;
Result<SerializedIdentity> decodeSerializedIdentity(BytesView bytes);
template <Temporary T>
Result<SerializedIdentity> decodeSerializedIdentity(T&&) = delete;
Result<IdentifierHeader> decodeIdentifierHeader(BytesView bytes);
template <Temporary T>
Result<IdentifierHeader> decodeIdentifierHeader(T&&) = delete;
/// The chaincode id of a ChaincodeHeaderExtension; absent when the field is not there.
Result<std::optional<ChaincodeId>> decodeHeaderExtension(BytesView bytes);
template <Temporary T>
Result<std::optional<ChaincodeId>> decodeHeaderExtension(T&&) = delete;

// Writers give the bytes that Go's protobuf gives: fields in order, defaults left out.
Bytes encodeChannelHeader(const ChannelHeader& header);
Bytes encodeSignatureHeader(const SignatureHeader& header);
Bytes encodeSerializedIdentity(const SerializedIdentity& identity);
Bytes encodeHeaderExtension(std::string_view chaincodeName);
/// Payload{Header{channelHeader, signatureHeader}, data}: what the envelope's signature covers.
Bytes encodePayload(BytesView channelHeader, BytesView signatureHeader, BytesView data);
Bytes encodeEnvelope(BytesView payload, BytesView signature);

/// What a CONFIG_UPDATE's ConfigSignature covers: signature_header ‖ config_update.
Bytes configSignatureMessage(BytesView signatureHeader, BytesView configUpdate);

}  // namespace chancery::protocol
