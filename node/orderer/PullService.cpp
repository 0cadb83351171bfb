#include "node/orderer/PullService.h"

#include <grpcpp/channel.h>

#include <limits>

#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "node/deliver/SeekRequest.h"
#include "src/protocol/Envelope.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::size_t kNonceBytes = 24;

Status refused(int status) {
    return makeError(StatusCode::kUnavailable, "REFUSED",
                     fmt::format("the other orderer answers with status {}", status),
                     {{"status", std::to_string(status)}});
}

std::string joined(const std::vector<Bytes>& roots, const std::vector<Bytes>& intermediates) {
    std::string pem;
    for (const auto* list : {&roots, &intermediates})
        for (const Bytes& one : *list) pem += one + "\n";
    return pem;
}

}  // namespace

Result<Bytes> makeSeekEnvelope(const OrdererContext& context, const ChannelId& channel,
                               BlockNumber from, BytesView tlsCertificateHash) {
    SeekInfo info;
    info.start = SeekPosition{SeekPosition::Kind::Specified, from};
    info.stop =
        SeekPosition{SeekPosition::Kind::Specified, std::numeric_limits<BlockNumber>::max()};
    info.bestEffort = true;
    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::DeliverSeekInfo;
    header.timestamp = protocol::Timestamp::fromTime(context.clock->now());
    header.channelId = channel.str();
    header.tlsCertHash = tlsCertificateHash;
    const Bytes payload = protocol::encodePayload(
        protocol::encodeChannelHeader(header),
        protocol::encodeSignatureHeader(
            {context.signer->serialized(), context.random->bytes(kNonceBytes)}),
        encodeSeekInfo(info));
    ASSIGN_OR_RETURN(const Bytes signature, context.signer->sign(payload));
    return protocol::encodeEnvelope(payload, signature);
}

BlockPull makeBlockPull(OrdererContextPtr context) {
    return [context = std::move(context)](const channel::OrdererEndpoint& endpoint,
                                          const ChannelId& channelId, BlockNumber from,
                                          const std::function<Status(protocol::Block)>& sink,
                                          std::stop_token stop) -> Status {
        ASSIGN_OR_RETURN(const auto address, rpc::parseEndpoint(endpoint.address));
        rpc::ClientTls tls;
        tls.rootsPem = joined(endpoint.tlsRoots, endpoint.tlsIntermediates);
        tls.identity = context->tls;
        ASSIGN_OR_RETURN(const auto channel, rpc::makeChannel(address, tls));
        ASSIGN_OR_RETURN(const Bytes binding, rpc::bindingHashOf(context->tls));
        ASSIGN_OR_RETURN(const Bytes request, makeSeekEnvelope(*context, channelId, from, binding));
        ::common::Envelope envelope;
        if (!envelope.ParseFromString(request))
            return makeError(StatusCode::kInternal, "BAD_REQUEST", "the request cannot be read");

        const auto stub = ::orderer::AtomicBroadcast::NewStub(channel);
        rpc::CallContext call(Deadline::max(), std::move(stop));
        const auto stream = stub->Deliver(&call.grpc());
        stream->Write(envelope);
        ::orderer::DeliverResponse response;
        Status result;
        while (result.ok() && stream->Read(&response)) {
            if (!response.has_block()) {
                result = refused(response.status());
                break;
            }
            auto block = protocol::Block::parse(wire::serialize(response.block()));
            result = block.ok() ? sink(*std::move(block)) : std::move(block).status();
        }
        if (!result.ok()) call.grpc().TryCancel();
        const Status ended = call.status(stream->Finish());
        return result.ok() ? ended : result;
    };
}

}  // namespace chancery::node
