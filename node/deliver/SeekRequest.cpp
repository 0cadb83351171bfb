#include "node/deliver/SeekRequest.h"

#include "fabric/orderer/ab.pb.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

SeekPosition positionOf(const ::orderer::SeekPosition& message) {
    using Kind = SeekPosition::Kind;
    switch (message.Type_case()) {
        case ::orderer::SeekPosition::kNewest:
            return {Kind::Newest, 0};
        case ::orderer::SeekPosition::kOldest:
            return {Kind::Oldest, 0};
        case ::orderer::SeekPosition::kSpecified:
            return {Kind::Specified, message.specified().number()};
        case ::orderer::SeekPosition::kNextCommit:
            return {Kind::NextCommit, 0};
        case ::orderer::SeekPosition::TYPE_NOT_SET:
            break;
    }
    return {};
}

void write(const SeekPosition& position, ::orderer::SeekPosition& message) {
    switch (position.kind) {
        case SeekPosition::Kind::Newest:
            message.mutable_newest();
            break;
        case SeekPosition::Kind::Oldest:
            message.mutable_oldest();
            break;
        case SeekPosition::Kind::Specified:
            message.mutable_specified()->set_number(position.number);
            break;
        case SeekPosition::Kind::NextCommit:
            message.mutable_next_commit();
            break;
        case SeekPosition::Kind::None:
            break;
    }
}

Status refuse(StatusCode code, std::string_view reason, std::string_view sentence) {
    return makeError(code, reason, sentence);
}

}  // namespace

Result<SeekInfo> decodeSeekInfo(BytesView bytes) {
    ASSIGN_OR_RETURN(const auto message, wire::parse<::orderer::SeekInfo>(bytes, "payload.data"));
    SeekInfo info;
    if (message.has_start()) info.start = positionOf(message.start());
    if (message.has_stop()) info.stop = positionOf(message.stop());
    info.failIfNotReady = message.behavior() == ::orderer::SeekInfo::FAIL_IF_NOT_READY;
    info.bestEffort = message.error_response() == ::orderer::SeekInfo::BEST_EFFORT;
    info.headersOnly = message.content_type() == ::orderer::SeekInfo::HEADER_WITH_SIG;
    return info;
}

Bytes encodeSeekInfo(const SeekInfo& info) {
    ::orderer::SeekInfo message;
    if (info.start) write(*info.start, *message.mutable_start());
    if (info.stop) write(*info.stop, *message.mutable_stop());
    if (info.failIfNotReady) message.set_behavior(::orderer::SeekInfo::FAIL_IF_NOT_READY);
    if (info.bestEffort) message.set_error_response(::orderer::SeekInfo::BEST_EFFORT);
    if (info.headersOnly) message.set_content_type(::orderer::SeekInfo::HEADER_WITH_SIG);
    return wire::serialize(message);
}

Result<SeekRequest> decodeSeekRequest(protocol::SharedBytes envelope) {
    SeekRequest request;
    request.bytes = std::move(envelope);
    ASSIGN_OR_RETURN(request.envelope, protocol::decodeEnvelope(request.bytes.view()));
    ASSIGN_OR_RETURN(const auto payload, protocol::decodePayload(request.envelope.payload));
    if (!payload.hasHeader)
        return refuse(StatusCode::kInvalidArgument, "NO_HEADER", "the envelope has no header");
    ASSIGN_OR_RETURN(request.header, protocol::decodeChannelHeader(payload.channelHeader));
    ASSIGN_OR_RETURN(request.signatureHeader,
                     protocol::decodeSignatureHeader(payload.signatureHeader));
    request.data = payload.data;
    return request;
}

Status checkSeekHeader(const protocol::ChannelHeader& header, absl::Time now, absl::Duration window,
                       bool binding, BytesView tlsCertificateHash) {
    if (!header.timestamp)
        return refuse(StatusCode::kInvalidArgument, "NO_TIMESTAMP",
                      "the channel header has no timestamp");
    const absl::Duration skew = header.timestamp->time() - now;
    if (absl::AbsDuration(skew) > window)
        return makeError(StatusCode::kFailedPrecondition, "STALE_TIMESTAMP",
                         fmt::format("the request's timestamp is {:.0f} s away from the clock here",
                                     absl::ToDoubleSeconds(skew)),
                         {{"seconds", fmt::format("{:.0f}", absl::ToDoubleSeconds(skew))}});
    if (!binding) return absl::OkStatus();
    if (header.tlsCertHash.empty())
        return refuse(StatusCode::kInvalidArgument, "NOT_BOUND",
                      "the request does not name the TLS certificate of its connection");
    if (tlsCertificateHash.empty())
        return refuse(StatusCode::kInvalidArgument, "NOT_BOUND",
                      "the connection has no TLS certificate");
    if (header.tlsCertHash != tlsCertificateHash)
        return refuse(StatusCode::kInvalidArgument, "NOT_BOUND",
                      "the request names another TLS certificate than its connection's");
    return absl::OkStatus();
}

}  // namespace chancery::node
