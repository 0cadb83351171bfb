#include "node/orderer/MessageFilter.h"

#include "fabric/common/common.pb.h"
#include "src/policy/Policy.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

Status refuse(StatusCode code, std::string_view reason, std::string_view sentence) {
    return makeError(code, reason, sentence);
}

bool isMaintenance(const channel::Bundle& bundle) {
    return bundle.orderer()->consensusState != channel::ConsensusState::Normal;
}

Status checkExpiry(const channel::Bundle& bundle, const BroadcastMessage& message,
                   const Clock& clock) {
    if (!bundle.capabilities().expirationCheck) return absl::OkStatus();
    // Who cannot be read at all is told so by the check of the signature.
    const auto identity = bundle.msps()->deserialize(message.creator);
    if (!identity.ok() || clock.now() < (*identity)->certificate().notAfter())
        return absl::OkStatus();
    return refuse(StatusCode::kInvalidArgument, "CERTIFICATE_EXPIRED",
                  "broadcast client identity expired");
}

Status checkWriter(const channel::Bundle& bundle, const BroadcastMessage& message) {
    const std::string_view path =
        isMaintenance(bundle) ? "/Channel/Orderer/Writers" : "/Channel/Writers";
    const policy::PolicyPtr policy = bundle.policies().find(path);
    if (policy == nullptr)
        return refuse(StatusCode::kInvalidArgument, "NO_SUCH_POLICY",
                      fmt::format("could not find policy {}", path));
    const policy::SignedData signedData{message.envelope.payload, message.creator,
                                        message.envelope.signature};
    const Status verdict = policy::evaluate(*policy, {&signedData, 1}, *bundle.msps());
    if (verdict.ok()) return verdict;
    return makeError(StatusCode::kPermissionDenied, reasonOf(verdict),
                     fmt::format("{}: {}: permission denied", path, messageOf(verdict)),
                     argumentsOf(verdict));
}

}  // namespace

Result<BroadcastMessage> decodeBroadcastMessage(BytesView bytes) {
    BroadcastMessage message;
    ASSIGN_OR_RETURN(message.envelope, protocol::decodeEnvelope(bytes));
    ASSIGN_OR_RETURN(const auto payload, protocol::decodePayload(message.envelope.payload));
    if (!payload.hasHeader)
        return refuse(StatusCode::kInvalidArgument, "NO_HEADER", "the payload has no header");
    ASSIGN_OR_RETURN(message.header, protocol::decodeChannelHeader(payload.channelHeader));
    ASSIGN_OR_RETURN(const auto signatureHeader,
                     protocol::decodeSignatureHeader(payload.signatureHeader));
    message.creator = signatureHeader.creator;
    return message;
}

MessageClass classify(const protocol::ChannelHeader& header) {
    switch (header.type) {
        case protocol::HeaderType::ConfigUpdate:
            return MessageClass::ConfigUpdate;
        case protocol::HeaderType::Config:
        case protocol::HeaderType::OrdererTransaction:
            return MessageClass::NotDirect;
        default:
            return MessageClass::Normal;
    }
}

Status checkMode(const channel::Bundle& bundle) {
    if (!bundle.capabilities().ordererConsensusMigration || !isMaintenance(bundle))
        return absl::OkStatus();
    return refuse(StatusCode::kUnavailable, "MAINTENANCE_MODE",
                  "normal transactions are rejected: maintenance mode");
}

Status checkMessage(const channel::Bundle& bundle, const BroadcastMessage& message,
                    const Clock& clock) {
    if (message.envelope.payload.empty())
        return refuse(StatusCode::kInvalidArgument, "EMPTY", "message payload is empty");
    const std::uint32_t limit = bundle.orderer()->batchSize.absoluteMaxBytes;
    if (message.size() > limit)
        return makeError(
            StatusCode::kInvalidArgument, "TOO_LARGE",
            fmt::format("message payload is {} bytes and exceeds maximum allowed {} bytes",
                        message.size(), limit),
            {{"size", std::to_string(message.size())}, {"limit", std::to_string(limit)}});
    RETURN_IF_ERROR(checkExpiry(bundle, message, clock));
    return checkWriter(bundle, message);
}

Bytes canonicalEnvelope(BytesView bytes, const protocol::Envelope& envelope) {
    if (wire::reencodesIdentically<::common::Envelope>(bytes)) return Bytes(bytes);
    return protocol::encodeEnvelope(envelope.payload, envelope.signature);
}

BroadcastAnswer answerOf(const Status& status) {
    BroadcastAnswer answer;
    answer.info = std::string(messageOf(status));
    switch (status.code()) {
        case StatusCode::kOk:
            answer.status = ::common::SUCCESS;
            break;
        case StatusCode::kPermissionDenied:
            answer.status = ::common::FORBIDDEN;
            break;
        case StatusCode::kUnavailable:
        case StatusCode::kResourceExhausted:
        case StatusCode::kDataLoss:
        case StatusCode::kInternal:
            answer.status = ::common::SERVICE_UNAVAILABLE;
            break;
        default:
            answer.status = ::common::BAD_REQUEST;
    }
    return answer;
}

std::string nameOfStatus(int status) {
    const std::string& name = ::common::Status_Name(static_cast<::common::Status>(status));
    return name.empty() ? std::to_string(status) : name;
}

}  // namespace chancery::node
